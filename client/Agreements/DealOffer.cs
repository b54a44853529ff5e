using System.Diagnostics.CodeAnalysis;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Client;

/// <summary>A storage deal that its client has signed and the device has not: what the client's machine writes to a file and the device's completes.</summary>
/// <param name="Chain">The chain that it is for.</param>
/// <param name="Body">What both sign.</param>
/// <param name="Wire">The transaction with the client's signature.</param>
public sealed record DealOffer(ChainId Chain, Body Body, Protos.V1.Transaction Wire)
{
    /// <summary>The file, the device and the price.</summary>
    public OpenDeal Terms => (OpenDeal)Body.Message;

    /// <summary>Signs an offer as the client, who pays.</summary>
    public static DealOffer Sign(ChainId chain, ulong sequence, ulong validUntilMs, OpenDeal terms, PrivateKey client)
    {
        Body body = new(client.Address, sequence, validUntilMs, terms);
        return new DealOffer(chain, body, SignedTransaction.Create(chain, body, client).Wire);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote. False if it is no offer; whether the client's signature verifies, the node says.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out DealOffer? offer)
    {
        offer = TwoPartyOffer.TryParse<OpenDeal>(text, out ChainId? chain, out Body? body, out Protos.V1.Transaction? wire)
            ? new DealOffer(chain, body, wire)
            : null;
        return offer is not null;
    }

    /// <summary>True if this is the file that the deal is about: a device signs for nothing else.</summary>
    public bool IsAbout(ChunkedFile file) => Terms.Root == file.Root && Terms.Chunks == file.Count && Terms.ChunkBytes == file.ChunkBytes;

    /// <summary>The transaction with the device's signature, ready to be submitted by either. The deal's id is the transaction's.</summary>
    public SignedTransaction Accept(PrivateKey device) => TwoPartyOffer.Complete(Chain, Wire, device);

    /// <summary>CHAIN:HEX, one line.</summary>
    public override string ToString() => TwoPartyOffer.Format(Chain, Wire);
}
