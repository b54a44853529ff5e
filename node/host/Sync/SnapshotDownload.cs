using System.Collections.Concurrent;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Cli;
using AppChain.Node.Driver;
using AppChain.Node.Snapshots;
using AppChain.Protos.V1;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace AppChain.Node.Sync;

/// <summary>
/// Brings one snapshot from several peers into a folder. In this order, and nothing before what it rests on: the changes of validators from the
/// genesis on, the manifest that those validators' signatures prove, the block, the chunks. What is in the folder was checked; after a
/// crash it goes on with what is missing.
/// </summary>
internal sealed class SnapshotDownload(Genesis genesis, SnapshotFolder folder, OfferedState wanted, TimeProvider clock, ILogger log)
{
    private readonly ConcurrentBag<int> liars = [];

    /// <summary>Who gave what cannot be true.</summary>
    public IReadOnlyCollection<int> Liars => liars;

    /// <summary>Brings it. False if these peers did not give all of it: what they gave stays.</summary>
    public async Task<bool> RunAsync(IReadOnlyList<SnapshotPeer> peers, CancellationToken cancellation)
    {
        if (folder.Exists)
            return true;
        SnapshotManifest? manifest = Begun();
        foreach (SnapshotPeer peer in peers.TakeWhile(_ => manifest is null))
            manifest = await BeginAsync(peer, cancellation);
        if (manifest is null)
            return false;

        KeyPrefix[] prefixes = SnapshotTrust.Prefixes(manifest);
        ConcurrentQueue<int> missing = new(Enumerable.Range(0, prefixes.Length).Where(index => !folder.HasChunk(index)));
        SyncLog.Chunks(log, prefixes.Length - missing.Count, prefixes.Length, wanted.Height, peers.Count);
        Task Worker(SnapshotPeer peer) => Task.Run(() => TakeChunksAsync(peer, manifest, prefixes, missing, cancellation), CancellationToken.None);
        await Task.WhenAll(peers.Where(IsHonest).SelectMany(peer => Enumerable.Repeat(peer, NodeLimits.StateSyncChunksPerPeer)).Select(Worker));
        if (!missing.IsEmpty)
            return false;
        folder.Complete();
        return true;
    }

    /// <summary>The manifest with which an earlier run began, if it is of the wanted state.</summary>
    private SnapshotManifest? Begun()
    {
        try
        {
            if (folder.ReadDraft() is { } draft && TryParse(draft) is { } manifest && new SnapshotTrust(genesis, folder.ReadValidators(genesis)).Problem(manifest) is null
                && OfferedState.Of(manifest) == wanted)
                return manifest;
        }
        catch (CommandException damaged)
        {
            SyncLog.Damaged(log, damaged.Message);
        }
        if (Directory.Exists(folder.Path))
            Directory.Delete(folder.Path, recursive: true);
        return null;
    }

    private async Task<SnapshotManifest?> BeginAsync(SnapshotPeer peer, CancellationToken cancellation)
    {
        if (await GetAsync(peer, SnapshotPart.Validators, SnapshotLimits.ValidatorsBytesMax, cancellation) is not { } changes)
            return null;
        ValidatorHistory validators = new(genesis);
        if (validators.Append(changes) is { } problemOfChanges)
            return Refuse(peer, problemOfChanges);
        if (await GetAsync(peer, SnapshotPart.Manifest, SnapshotLimits.ManifestBytesMax, cancellation) is not { } bytes)
            return null;
        SnapshotTrust trust = new(genesis, validators);
        if (TryParse(bytes) is not { } manifest)
            return Refuse(peer, "its manifest does not decode");
        if (trust.Problem(manifest) is { } problemOfManifest)
            return Refuse(peer, problemOfManifest);
        if (OfferedState.Of(manifest) != wanted)
            return null; // it has made another one since it answered
        if (await GetAsync(peer, SnapshotPart.Block, SnapshotLimits.BlockBytesMax, cancellation) is not { } block)
            return null;
        if (trust.TryOpenBlock(manifest, block, out _) is { } problemOfBlock)
            return Refuse(peer, $"the block: {problemOfBlock}");
        folder.WriteValidators(changes);
        folder.WriteBlock(block);
        folder.WriteDraft(bytes);
        return manifest;
    }

    /// <summary>Takes chunks from one peer until none is missing, or until it fails: then it is left out, and the others take its share.</summary>
    private async Task TakeChunksAsync(
        SnapshotPeer peer, SnapshotManifest manifest, KeyPrefix[] prefixes, ConcurrentQueue<int> missing, CancellationToken cancellation)
    {
        while (IsHonest(peer) && missing.TryDequeue(out int index))
        {
            byte[]? packed = null;
            string? problem = null;
            try
            {
                packed = await GetAsync(peer, SnapshotPart.Chunk, SnapshotLimits.PackedBytesMax, cancellation, index);
                problem = packed is null ? null : SnapshotChunks.Problem(manifest, index, prefixes[index], packed, out _);
                if (packed is not null && problem is null)
                {
                    folder.WriteChunk(index, packed);
                    continue;
                }
            }
            finally
            {
                if (packed is null || problem is not null || !folder.HasChunk(index))
                    missing.Enqueue(index);
            }
            if (problem is not null)
                Refuse(peer, $"chunk {index}: {problem}");
            return;
        }
    }

    private bool IsHonest(SnapshotPeer peer) => !liars.Contains(peer.Link.Index);

    private SnapshotManifest? Refuse(SnapshotPeer peer, string problem)
    {
        liars.Add(peer.Link.Index);
        SyncLog.SnapshotRefused(log, peer.Link.Index, wanted.Height, problem);
        return null;
    }

    private Task<byte[]?> GetAsync(SnapshotPeer peer, SnapshotPart part, int bytesMax, CancellationToken cancellation, int chunk = 0) =>
        peer.GetAsync(new GetSnapshotPartRequest { Height = wanted.Height, Part = part, Chunk = (uint)chunk }, bytesMax, clock, cancellation);

    private static SnapshotManifest? TryParse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return SnapshotManifest.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
