using AppChain.Crash.Disk;
using AppChain.Crypto;
using AppChain.Node.Cli;
using AppChain.Node.Snapshots;
using AppChain.Storage;

namespace AppChain.Crash.World;

/// <summary>The import of a snapshot: cut anywhere it goes on with the chunks that are not in, and a damaged one is refused meanwhile.</summary>
internal sealed class ImportWorkload(ChainMaker maker, MadeSnapshot snapshot, Random random) : Workload
{
    // The import grows beside the directory that it makes.
    public override string DirectorySuffix => ".import";

    public override void Run(Recorder recorder)
        => Import(new SnapshotImport(maker.Genesis, TargetOf(recorder.Root)), index => snapshot.Chunks[index], (done, _) => recorder.Acknowledge(promise => promise.Imported(done)));

    protected override string? Problem(string directory, Promise promise)
    {
        int damaged = random.Next(snapshot.Chunks.Count);
        if (ProblemOfDamage(directory, damaged) is { } problem)
            return problem;

        SnapshotImport import = new(maker.Genesis, TargetOf(directory));
        ChainTip tip = Import(import, index => snapshot.Chunks[index], static (_, _) => { });
        if (import.Fetched > snapshot.Chunks.Count - promise.Chunks)
            return $"{promise.Chunks} of {snapshot.Chunks.Count} chunks were in, but {import.Fetched} were fetched again";
        if ((tip.Height, tip.StateRoot) != (snapshot.Manifest.Height, new Hash256(snapshot.Manifest.StateRoot.Span)))
            return $"the import ends at block {tip.Height} with the state root {tip.StateRoot}";
        using StoreRecords records = StoreRecords.Open(TargetOf(directory));
        return StoreCheck.ProblemOfVerification(records, maker);
    }

    /// <summary>Goes on until it needs one certain chunk, which comes damaged. Nothing is wrong if that chunk is in already.</summary>
    private string? ProblemOfDamage(string directory, int damaged)
    {
        using (StateImport held = StateImport.Open(directory, Hashing.Sha256(snapshot.ManifestBytes), new StoreOptions()))
        {
            if (held.Has(damaged))
                return null;
        }
        byte[] wrong = [.. snapshot.Chunks[damaged]];
        wrong[random.Next(wrong.Length)] ^= 1;
        try
        {
            Import(new SnapshotImport(maker.Genesis, TargetOf(directory)), index => index == damaged ? wrong : snapshot.Chunks[index], static (_, _) => { });
            return $"chunk {damaged} was damaged and is taken";
        }
        catch (CommandException refusal)
        {
            return refusal.Message.Contains($"chunk {damaged} ", StringComparison.Ordinal) ? null : $"chunk {damaged} was damaged, but what is refused is: {refusal.Message}";
        }
    }

    private ChainTip Import(SnapshotImport import, Func<int, byte[]> fetch, Action<int, int> progress)
        => import.Run(snapshot.Manifest, snapshot.ManifestBytes, snapshot.Block, fetch, progress);

    private string TargetOf(string directory) => directory[..^DirectorySuffix.Length];
}
