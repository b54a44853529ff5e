using AppChain.Consensus;
using AppChain.Protos.V1;
using Google.Protobuf;

namespace AppChain.Client;

/// <summary>A header as it is shown to readers: what its canonical bytes say, field by field.</summary>
public static class HeaderForm
{
    /// <summary>The fields of a header.</summary>
    public static BlockHeader Of(Header header) => new()
    {
        ChainId = header.ChainId.Text,
        Version = Header.SupportedVersion,
        Epoch = header.Epoch.Value,
        View = header.View.Value,
        Height = header.Height.Value,
        ParentView = header.ParentView.Value,
        ParentHash = Bytes(header.ParentHash),
        TimeMs = header.TimeMs,
        Leader = header.Leader,
        PayloadHash = Bytes(header.PayloadHash),
        StateRoot = Bytes(header.StateRoot),
        ReceiptsRoot = Bytes(header.ReceiptsRoot),
        ValidatorsHash = Bytes(header.ValidatorsHash),
        NextValidatorsHash = Bytes(header.NextValidatorsHash),
        Beacon = Bytes(header.Beacon),
        BeaconProof = ByteString.CopyFrom(header.BeaconProof.Bytes),
    };

    private static ByteString Bytes(in Digest digest) => UnsafeByteOperations.UnsafeWrap(digest.ToArray());
}
