using AppChain.Node.Peers;
using AppChain.Node.Snapshots;
using AppChain.Protos.V1;
using Grpc.Core;

namespace AppChain.Node.Sync;

/// <summary>A peer that has answered what it offers.</summary>
/// <param name="BlocksFrom">The oldest block that it says it can give.</param>
internal sealed record SnapshotPeer(PeerLink Link, IReadOnlyList<OfferedState> Offers, ulong BlocksFrom)
{
    /// <summary>Asks a peer.</summary>
    /// <returns>Null if it does not answer.</returns>
    public static async Task<SnapshotPeer?> AskAsync(PeerLink link, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            DateTime deadline = clock.GetUtcNow().UtcDateTime + NodeLimits.StateSyncOfferTimeout;
            SnapshotOffers offers = await link.Sync.OfferSnapshotsAsync(new OfferSnapshotsRequest(), deadline: deadline, cancellationToken: cancellation);
            return new SnapshotPeer(
                link, [.. offers.Snapshots.Take(SnapshotLimits.OffersMax).Select(OfferedState.Of).OfType<OfferedState>()], offers.BlocksFrom);
        }
        catch (RpcException) when (!cancellation.IsCancellationRequested)
        {
            return null; // without snapshots of its own, of another version, or gone: the others are asked too
        }
    }

    /// <summary>Gets a part of one of its snapshots.</summary>
    /// <param name="bytesMax">Longer ones are not read to their end.</param>
    /// <returns>Null if it does not give it.</returns>
    public async Task<byte[]?> GetAsync(GetSnapshotPartRequest request, int bytesMax, TimeProvider clock, CancellationToken cancellation)
    {
        // Of each piece: a whole block may take longer than any one answer should.
        using CancellationTokenSource patience = new(NodeLimits.StateSyncAnswerTimeout, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            using AsyncServerStreamingCall<SnapshotPiece> call = Link.Sync.GetSnapshotPart(request, cancellationToken: either.Token);
            using MemoryStream part = new();
            while (await call.ResponseStream.MoveNext(either.Token))
            {
                ReadOnlyMemory<byte> piece = call.ResponseStream.Current.Bytes.Memory;
                if (piece.IsEmpty || piece.Length > bytesMax - part.Length)
                    return null;
                part.Write(piece.Span);
                patience.CancelAfter(NodeLimits.StateSyncAnswerTimeout);
            }
            return part.ToArray();
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }
}
