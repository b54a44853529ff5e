using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Makes signed transactions, for clients.</summary>
public static class TransactionBuilder
{
    /// <summary>Signs a body for a chain.</summary>
    /// <param name="chainId">The chain; the signatures are worth nothing on another.</param>
    /// <param name="body">What to sign.</param>
    /// <param name="keys">The signer's key, then those that the message asks for, in its order (for a registration: owner, device), then the fee payer's if the body names one.</param>
    /// <returns>The encoded transaction. Pass it to <see cref="Transaction.TryDecode"/> to see whether a node will take it.</returns>
    public static byte[] Sign(ChainId chainId, Body body, params PrivateKey[] keys)
    {
        byte[] bytes = body.Encode();
        Hash256 id = Transaction.IdOf(chainId, bytes);
        return Transaction.Encode(bytes, keys.Select(key => Sign(key, id)));
    }

    internal static Signature Sign(PrivateKey key, Hash256 digest) => new(key.Scheme, key.PublicKey, key.Sign(digest));
}
