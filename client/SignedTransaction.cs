using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Client;

/// <summary>A transaction ready to be sent, to one chain only.</summary>
/// <param name="ChainId">The chain that its signatures are for.</param>
/// <param name="Id">Its id there.</param>
/// <param name="Wire">Its bytes as the services take them.</param>
public sealed record SignedTransaction(string ChainId, Hash256 Id, Protos.V1.Transaction Wire)
{
    /// <summary>Signs a body.</summary>
    /// <param name="keys">The signer's key, then those that the message asks for, in its order.</param>
    public static SignedTransaction Create(ChainId chain, Body body, params PrivateKey[] keys)
    {
        byte[] encoded = TransactionBuilder.Sign(chain, body, keys);
        Protos.V1.Transaction wire = Protos.V1.Transaction.Parser.ParseFrom(encoded);
        return new SignedTransaction(chain.Text, Transaction.IdOf(chain, wire.Body.Span), wire);
    }
}
