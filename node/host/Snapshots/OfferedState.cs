using System.Buffers.Binary;
using AppChain.Crypto;
using AppChain.Protos.V1;
using Google.Protobuf;

namespace AppChain.Node.Snapshots;

/// <summary>What two snapshots must have in common for a chunk of the one to be the chunk of the other. Certificates and blocks may differ.</summary>
/// <param name="Chunks">SHA-256 of <c>depth:4 ‖ digest:32</c> of each chunk.</param>
internal readonly record struct OfferedState(ulong Height, Hash256 StateRoot, Hash256 Chunks)
{
    /// <summary>The state of a snapshot.</summary>
    /// <param name="manifest">One that was judged, or is this node's own.</param>
    public static OfferedState Of(SnapshotManifest manifest)
    {
        const int entry = sizeof(uint) + Hash256.Size;
        byte[] chunks = new byte[manifest.Chunks.Count * entry];
        for (int i = 0; i < manifest.Chunks.Count; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(chunks.AsSpan(i * entry), manifest.Chunks[i].Depth);
            manifest.Chunks[i].Digest.Span.CopyTo(chunks.AsSpan((i * entry) + sizeof(uint)));
        }
        return new OfferedState(manifest.Height, new Hash256(manifest.StateRoot.Span), Hashing.Sha256(chunks));
    }

    /// <summary>What a peer says that it has; null if it says nothing that could be.</summary>
    public static OfferedState? Of(SnapshotOffer offer) => offer.StateRoot.Length == Hash256.Size && offer.ChunksDigest.Length == Hash256.Size
        ? new OfferedState(offer.Height, new Hash256(offer.StateRoot.Span), new Hash256(offer.ChunksDigest.Span))
        : null;

    /// <summary>As it travels.</summary>
    public SnapshotOffer ToOffer() => new()
    {
        Height = Height,
        StateRoot = ByteString.CopyFrom(StateRoot.Bytes),
        ChunksDigest = ByteString.CopyFrom(Chunks.Bytes),
    };
}
