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
internal sealed class SnapshotImport(Genesis genesis, string target)
{
    private readonly SnapshotTrust trust = new(genesis);
    private readonly string target = Path.GetFullPath(target).TrimEnd('/');

    /// <summary>Chunks that were fetched in this run.</summary>
    public int Fetched { get; private set; }

    /// <summary>Imports.</summary>
    /// <param name="fetch">Gives a compressed chunk; asked only for those that are not in yet.</param>
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
            KeyPrefix[] prefixes = SnapshotTrust.Prefixes(manifest);
            for (int i = 0; i < prefixes.Length; i++)
            {
                if (!import.Has(i))
                {
                    IReadOnlyList<ChunkRecord> records = Fetch(manifest, i, prefixes[i], fetch);
                    import.Put(i, records, [.. records.SelectMany(MembersOf)]);
                }
                progress(i + 1, prefixes.Length);
            }
            if (!import.IsComplete)
                import.Complete(genesis.ChainId.Text, genesis.Hash, block!);
        }
        ChainTip tip = CheckWhole(growing);
        if (Directory.Exists(target))
            Directory.Delete(target);
        Directory.Move(growing, target);
        return tip;
    }

    private IReadOnlyList<ChunkRecord> Fetch(SnapshotManifest manifest, int index, KeyPrefix prefix, Func<int, byte[]> fetch)
    {
        byte[] packed = fetch(index);
        Fetched++;
        return SnapshotChunks.Problem(manifest, index, prefix, packed, out IReadOnlyList<ChunkRecord> records) is { } problem
            ? throw new CommandException(
                $"chunk {index} ({SnapshotFolder.ChunkName(index)}) is refused: {problem}. Copy it again, or get the snapshot from somebody else, and start the import again: "
                + "it goes on where it stopped.")
            : records;
    }

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
