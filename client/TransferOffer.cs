using System.Diagnostics.CodeAnalysis;
using AppChain.Crypto;
using AppChain.Ledger;
using Google.Protobuf;

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
        offer = null;
        int colon = text.IndexOf(':');
        if (colon < 0 || !ChainId.TryParse(text[..colon], out ChainId chain))
            return false;
        try
        {
            Protos.V1.Transaction wire = Protos.V1.Transaction.Parser.ParseFrom(Convert.FromHexString(text[(colon + 1)..].Trim()));
            if (wire.Signatures.Count != 1 || Body.TryDecode(wire.Body.Span, out Body? body) != Reason.None || body?.Message is not TransferDevice)
                return false;
            offer = new TransferOffer(chain, body, wire);
            return true;
        }
        catch (Exception e) when (e is FormatException or InvalidProtocolBufferException)
        {
            return false;
        }
    }

    /// <summary>The transaction with the buyer's signature, ready to be submitted by either.</summary>
    /// <exception cref="ArgumentException">The key is not the buyer's.</exception>
    public SignedTransaction Accept(PrivateKey buyer)
    {
        if (buyer.Address != Terms.Buyer)
            throw new ArgumentException("The offer names another buyer.", nameof(buyer));
        Hash256 id = Transaction.IdOf(Chain, Wire.Body.Span);
        Protos.V1.Transaction complete = Wire.Clone();
        complete.Signatures.Add(new Protos.V1.Signature
        {
            Scheme = (Protos.V1.KeyScheme)buyer.Scheme,
            PublicKey = ByteString.CopyFrom(buyer.PublicKey.Span),
            Signature_ = ByteString.CopyFrom(buyer.Sign(id)),
        });
        return new SignedTransaction(Chain.Text, id, complete);
    }

    /// <summary>CHAIN:HEX, one line.</summary>
    public override string ToString() => $"{Chain.Text}:{Convert.ToHexStringLower(Wire.ToByteArray())}";
}
