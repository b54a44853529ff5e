using AppChain.Node.Cli;
using AppChain.Node.Peers;
using AppChain.Node.Snapshots;
using AppChain.Protos.V1;
using AppChain.Storage;
using Google.Protobuf;
using Grpc.Core;
using Status = Grpc.Core.Status;

namespace AppChain.Node.Sync;

/// <summary>Gives nodes that are far behind what they need to start from a state: the snapshots in this node's home, as files.</summary>
/// <param name="view">The view that consensus is in here; 0: it has not started.</param>
/// <param name="hasPast">Whether this node ever took part.</param>
internal sealed class SyncServer(SnapshotShelf shelf, ChainReader reader, PeerDoor door, Func<ulong> view, bool hasPast) : SyncService.SyncServiceBase
{
    private readonly Lock gate = new();
    private Dictionary<string, OfferedState> known = [];

    public override async Task<SnapshotOffers> OfferSnapshots(OfferSnapshotsRequest request, ServerCallContext context)
    {
        SnapshotOffers offers = new()
        {
            BlocksFrom = Math.Max(reader.OldestKept(RetentionClass.Headers), reader.OldestKept(RetentionClass.Batches)),
        };
        await door.AnswerAsync(context, _ =>
        {
            offers.Snapshots.AddRange(Offered().Select(static state => state.ToOffer()));
            return Task.CompletedTask;
        });
        return offers;
    }

    public override Task<Progress> GetProgress(GetProgressRequest request, ServerCallContext context)
    {
        door.Callers.OnThisChain(context);
        // Before consensus goes on after a restart it does not know how far it was.
        if (view() == 0 && hasPast)
            throw new RpcException(new Status(StatusCode.Unavailable, "this node is starting"));
        return Task.FromResult(new Progress { Epoch = reader.EpochStart.Epoch.Number.Value, View = view() });
    }

    public override Task GetSnapshotPart(GetSnapshotPartRequest request, IServerStreamWriter<SnapshotPiece> responses, ServerCallContext context) =>
        door.AnswerAsync(context, async stop =>
        {
            await using FileStream part = Open(request) ?? throw new RpcException(new Status(StatusCode.NotFound, "this part of a snapshot is not, or no longer, here"));
            byte[] piece = new byte[SnapshotLimits.PieceBytes];
            for (int read; (read = await part.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, stop)) > 0;)
                await responses.WriteAsync(new SnapshotPiece { Bytes = ByteString.CopyFrom(piece, 0, read) }, stop);
        });

    private FileStream? Open(GetSnapshotPartRequest request) =>
        request.Chunk < SnapshotLimits.ChunksMax ? shelf.At(request.Height).OpenPart(request.Part, (int)request.Chunk) : null;

    // A manifest may be megabytes: it is read once.
    private OfferedState[] Offered()
    {
        lock (gate)
        {
            Dictionary<string, OfferedState> present = [];
            foreach (SnapshotFolder folder in shelf.All())
            {
                if (known.TryGetValue(folder.Path, out OfferedState state) || TryRead(folder, out state))
                    present.Add(folder.Path, state);
            }
            known = present;
            return [.. known.Values.OrderByDescending(static state => state.Height).Take(SnapshotLimits.OffersMax)];
        }
    }

    // One that cannot be read, or that was deleted meanwhile, is not offered.
    private static bool TryRead(SnapshotFolder folder, out OfferedState state)
    {
        try
        {
            state = OfferedState.Of(folder.ReadManifest(out _));
            return true;
        }
        catch (Exception e) when (e is CommandException or IOException)
        {
            state = default;
            return false;
        }
    }
}
