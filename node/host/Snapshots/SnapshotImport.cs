using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Cli;
using AppChain.Node.Driver;
using AppChain.Protos.V1;
using AppChain.Storage;

namespace AppChain.Node.Snapshots;

/// <summary>
/// Makes a node's data directory from a snapshot. It grows in a directory beside, <c>DIR.import</c>, which gets its name when all of it
/// is there and has been checked as a whole: an import that is cut short is no node's, and goes on when it is started again.
/// </summary>
/// <param name="validators">The chain's, up to those who decide about the snapshot; null: they are the genesis's still.</param>
internal sealed class SnapshotImport(Genesis genesis, string target, ValidatorHistory? validators = null)
{
    private readonly SnapshotTrust trust = new(genesis, validators ?? new ValidatorHistory(genesis));
    private readonly string target = Path.GetFullPath(target).TrimEnd('/');
    private int fetched;

    /// <summary>Chunks that were fetched in this run.</summary>
    public int Fetched => fetched;

    /// <summary>Imports.</summary>
    /// <param name="fetch">Gives a compressed chunk; asked only for those that are not in yet, from several threads.</param>
    /// <param name="progress">Told how many chunks of how many are in.</param>
    /// <exception cref="CommandException">The manifest, the block or a chunk is refused; the message names it and says what to do.</exception>
    public ChainTip Run(
        SnapshotManifest manifest, byte[] manifestBytes, ReadOnlyMemory<byte> encodedBlock, Func<int, byte[]> fetch, Action<int, int> progress)
    {
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
            throw new CommandException($"{target} is not empty: a snapshot is imported into a new data directory. Move the old one away; a validator's record of its own votes is in it.");
        if (trust.Problem(manifest) is { } problem)
            throw new CommandException($"the snapshot is refused: {problem}. Get one from somebody else, or give the right genesis file.");
        if (trust.TryOpenBlock(manifest, encodedBlock.Span, out ImportedBlock? block) is { } problemOfBlock)
            throw new CommandException($"the snapshot's file \"block\" is refused: {problemOfBlock}. Copy it again, or get the snapshot from somebody else.");

        string growing = target + ".import";
        using (StateImport import = StateImport.Open(growing, Hashing.Sha256(manifestBytes), new StoreOptions()))
        {
            TakeChunks(import, manifest, fetch, progress);
            if (!import.IsComplete)
                import.Complete(genesis.ChainId.Text, genesis.Hash, block!);
        }
        ChainTip tip = CheckWhole(growing);
        if (Directory.Exists(target))
            Directory.Delete(target);
        Directory.Move(growing, target);
        return tip;
    }

    /// <summary>Takes those that are not in, in order; some are fetched and checked at a time, on all cores.</summary>
    private void TakeChunks(StateImport import, SnapshotManifest manifest, Func<int, byte[]> fetch, Action<int, int> progress)
    {
        KeyPrefix[] prefixes = SnapshotTrust.Prefixes(manifest);
        int[] missing = [.. Enumerable.Range(0, prefixes.Length).Where(index => !import.Has(index))];
        int done = prefixes.Length - missing.Length;
        foreach (int[] some in missing.Chunk(SnapshotLimits.ChunksAtATime))
        {
            CheckedChunk[] chunks = new CheckedChunk[some.Length];
            Parallel.For(0, some.Length, i => chunks[i] = Check(manifest, some[i], prefixes[some[i]], fetch));
            for (int i = 0; i < some.Length; i++)
            {
                if (chunks[i].Refusal is { } refusal)
                    throw refusal;
                import.Put(some[i], chunks[i].Records, chunks[i].Members);
                progress(++done, prefixes.Length);
            }
        }
    }

    // Why a chunk cannot be taken is kept until those before it are in: what is in is always a beginning of what was missing.
    private CheckedChunk Check(SnapshotManifest manifest, int index, KeyPrefix prefix, Func<int, byte[]> fetch)
    {
        try
        {
            byte[] packed = fetch(index);
            Interlocked.Increment(ref fetched);
            return SnapshotChunks.Problem(manifest, index, prefix, packed, out IReadOnlyList<ChunkRecord> records) is { } problem
                ? new CheckedChunk([], [], new CommandException(
                    $"chunk {index} ({SnapshotFolder.ChunkName(index)}) is refused: {problem}. Copy it again, or get the snapshot from somebody else, and start the import again: "
                    + "it goes on where it stopped."))
                : new CheckedChunk(records, [.. records.SelectMany(MembersOf)], null);
        }
        catch (CommandException unreadable)
        {
            return new CheckedChunk([], [], unreadable);
        }
    }

    private sealed record CheckedChunk(IReadOnlyList<ChunkRecord> Records, IReadOnlyList<MemberChange> Members, CommandException? Refusal);

    // The root is right, so every record is one that the ledger wrote.
    private static IEnumerable<MemberChange> MembersOf(ChunkRecord record) => record.Key.Span[0] == (byte)StateKind.Device
        ? BlockIndex.MembersOf(new Address(record.Key.Span[1..]), DeviceRecord.Decode(record.Value), joins: true)
        : [];

    // As a node opens it: the tree over the whole flat state must have the finalised root.
    private static ChainTip CheckWhole(string directory)
    {
        using ChainStore store = ChainStore.Open(directory, new StoreOptions());
        return store.Tip;
    }
}
