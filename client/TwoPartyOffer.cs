using System.Diagnostics.CodeAnalysis;
using AppChain.Crypto;
using AppChain.Ledger;
using Google.Protobuf;

namespace AppChain.Client;

/// <summary>
/// A transaction that one party has signed and another completes on its own machine: what the file between them holds. It is worth nothing without the
/// second signature, and nothing at all once its validity or the first signer's window of sequence numbers has passed it.
/// </summary>
internal static class TwoPartyOffer
{
    /// <summary>CHAIN:HEX, one line.</summary>
    public static string Format(ChainId chain, Protos.V1.Transaction wire) => $"{chain.Text}:{Convert.ToHexStringLower(wire.ToByteArray())}";

    /// <summary>Reads what <see cref="Format"/> wrote. False if it is no offer of this message; whether the signature verifies, the node says.</summary>
    public static bool TryParse<TMessage>(
        string text, [NotNullWhen(true)] out ChainId? chain, [NotNullWhen(true)] out Body? body, [NotNullWhen(true)] out Protos.V1.Transaction? wire)
        where TMessage : Message
    {
        chain = null;
        body = null;
        wire = null;
        int colon = text.IndexOf(':');
        if (colon < 0 || !ChainId.TryParse(text[..colon], out chain))
            return false;
        try
        {
            wire = Protos.V1.Transaction.Parser.ParseFrom(Convert.FromHexString(text[(colon + 1)..].Trim()));
            return wire.Signatures.Count == 1 && Body.TryDecode(wire.Body.Span, out body) == Reason.None && body?.Message is TMessage;
        }
        catch (Exception e) when (e is FormatException or InvalidProtocolBufferException)
        {
            return false;
        }
    }

    /// <summary>The transaction with the second signature, ready to be submitted by either.</summary>
    public static SignedTransaction Complete(ChainId chain, Protos.V1.Transaction wire, PrivateKey second)
    {
        Hash256 id = Transaction.IdOf(chain, wire.Body.Span);
        Protos.V1.Transaction complete = wire.Clone();
        complete.Signatures.Add(new Protos.V1.Signature
        {
            Scheme = (Protos.V1.KeyScheme)second.Scheme,
            PublicKey = ByteString.CopyFrom(second.PublicKey.Span),
            Signature_ = ByteString.CopyFrom(second.Sign(id)),
        });
        return new SignedTransaction(chain.Text, id, complete);
    }
}
