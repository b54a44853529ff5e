using System.Diagnostics.CodeAnalysis;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Client;

/// <summary>
/// A device's transfer that its owner has signed and the buyer has not: what one machine writes to a file and another completes. It is worth nothing
/// to anybody but that buyer, and nothing at all once its validity or the owner's window of sequence numbers has passed it.
/// </summary>
/// <param name="Chain">The chain that it is for.</param>
/// <param name="Body">What both sign: <see cref="Terms"/>, whose number it uses, and until when it holds.</param>
/// <param name="Wire">The transaction with the owner's signature.</param>
public sealed record TransferOffer(ChainId Chain, Body Body, Protos.V1.Transaction Wire)
{
    /// <summary>The device, the buyer and the price.</summary>
    public TransferDevice Terms => (TransferDevice)Body.Message;

    /// <summary>Signs an offer as the device's owner.</summary>
    public static TransferOffer Sign(ChainId chain, ulong sequence, ulong validUntilMs, TransferDevice terms, PrivateKey owner)
    {
        Body body = new(owner.Address, sequence, validUntilMs, terms);
        return new TransferOffer(chain, body, SignedTransaction.Create(chain, body, owner).Wire);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote. False if it is no offer; whether the owner's signature verifies, the node says.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out TransferOffer? offer)
    {
        offer = TwoPartyOffer.TryParse<TransferDevice>(text, out ChainId? chain, out Body? body, out Protos.V1.Transaction? wire)
            ? new TransferOffer(chain, body, wire)
            : null;
        return offer is not null;
    }

    /// <summary>The transaction with the buyer's signature, ready to be submitted by either.</summary>
    /// <exception cref="ArgumentException">The key is not the buyer's.</exception>
    public SignedTransaction Accept(PrivateKey buyer) => buyer.Address == Terms.Buyer
        ? TwoPartyOffer.Complete(Chain, Wire, buyer)
        : throw new ArgumentException("The offer names another buyer.", nameof(buyer));

    /// <summary>CHAIN:HEX, one line.</summary>
    public override string ToString() => TwoPartyOffer.Format(Chain, Wire);
}
