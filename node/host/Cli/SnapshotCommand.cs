using System.CommandLine;
using System.Diagnostics;
using AppChain.Client;
using AppChain.Ledger;
using AppChain.Node.Driver;
using AppChain.Node.Snapshots;
using AppChain.Protos.V1;
using AppChain.Storage;

namespace AppChain.Node.Cli;

/// <summary><c>appchain snapshot</c>: states that a new node can start from.</summary>
internal static class SnapshotCommand
{
    public static Command Create() => new("snapshot", "Make, list, check and import snapshots of the state") { Make(), List(), Export(), Import() };

    private static Command Make()
    {
        Option<DirectoryInfo> home = CommonOptions.Home();
        Option<string?> node = new("--node") { Description = "The port of the running node that answers admin calls, HOST:PORT (without it admin.listen or rpc.listen of its configuration)" };
        AdminTls tls = new();
        Command command = new("create", "Write a snapshot of the node's state to HOME/snapshots/HEIGHT, whether it runs or not") { home, node, tls.Certificate, tls.Key, tls.Authority };
        command.SetAction(async (arguments, cancellation) =>
        {
            NodeHome directory = new(arguments.GetValue(home)!.FullName);
            Stopwatch watch = Stopwatch.StartNew();
            try
            {
                using StoreRecords records = StoreRecords.Open(directory.DataDirectory);
                (SnapshotFolder folder, SnapshotManifest manifest) = StoppedSnapshot.Make(
                    records, GenesisFile.Load(directory.GenesisFile).Genesis, directory, static (label, text) => Console.WriteLine($"{label,-14} {text}"));
                Print(folder.Path, manifest);
            }
            catch (StorageException locked) when (locked.Fault == StorageFault.Locked)
            {
                await using NodeClient client = tls.Connect(arguments, arguments.GetValue(node) ?? AdminAddress.Of(directory));
                Print(await client.CreateSnapshotAsync(cancellation));
            }
            Console.WriteLine($"{"took",-14} {watch.Elapsed.TotalSeconds:F1} s");
        });
        return command;
    }

    private static Command List()
    {
        Option<DirectoryInfo> home = CommonOptions.Home();
        Command command = new("list", "List the snapshots in HOME/snapshots") { home };
        command.SetAction(arguments =>
        {
            SnapshotShelf shelf = new(new NodeHome(arguments.GetValue(home)!.FullName));
            IReadOnlyList<SnapshotFolder> all = shelf.All();
            foreach (SnapshotFolder snapshot in all)
            {
                SnapshotManifest manifest = snapshot.ReadManifest(out _);
                Console.WriteLine($"{manifest.Height,-12} {manifest.Records} records, {manifest.Chunks.Count} chunks, {Packed(manifest) >> 10} KiB  {snapshot.Path}");
            }
            if (all.Count == 0)
                Console.WriteLine($"no snapshots in {shelf.Path}: make one with `appchain snapshot create`.");
        });
        return command;
    }

    private static Command Export()
    {
        Argument<DirectoryInfo> source = new("snapshot") { Description = "The snapshot's folder" };
        Option<FileInfo> genesis = Genesis();
        Option<DirectoryInfo> to = new("--to") { Description = "Folder to copy it to", Required = true };
        Command command = new("export", "Check a snapshot, chunk by chunk, and copy it to another folder") { source, genesis, to };
        command.SetAction(arguments =>
        {
            SnapshotFolder from = new(arguments.GetValue(source)!.FullName);
            SnapshotFolder target = new(arguments.GetValue(to)!.FullName);
            Genesis chain = GenesisFile.Load(arguments.GetValue(genesis)!.FullName).Genesis;
            ValidatorHistory validators = from.ReadValidators(chain);
            SnapshotTrust trust = new(chain, validators);
            SnapshotManifest manifest = from.ReadManifest(out _);
            byte[] block = from.ReadBlock();
            if ((trust.Problem(manifest) ?? trust.TryOpenBlock(manifest, block, out _)) is { } problem)
                throw new CommandException($"the snapshot is refused: {problem}.");
            target.WriteValidators(validators.Changes);
            target.WriteBlock(block);
            AppChain.Crypto.KeyPrefix[] prefixes = SnapshotTrust.Prefixes(manifest);
            for (int i = 0; i < prefixes.Length; i++)
            {
                byte[] packed = from.ReadChunk(i);
                if (SnapshotChunks.Problem(manifest, i, prefixes[i], packed, out _) is { } wrong)
                    throw new CommandException($"chunk {i} ({SnapshotFolder.ChunkName(i)}) is refused: {wrong}. Make the snapshot again.");
                target.WriteChunk(i, packed);
            }
            target.Write(manifest);
            Print(target.Path, manifest);
        });
        return command;
    }

    private static Command Import()
    {
        Argument<DirectoryInfo> source = new("snapshot") { Description = "The snapshot's folder" };
        Option<DirectoryInfo> home = CommonOptions.Home();
        Command command = new("import", "Make the data directory of a node that has none from a snapshot; started again, it goes on where it stopped") { source, home };
        command.SetAction(arguments =>
        {
            NodeHome node = new(arguments.GetValue(home)!.FullName);
            SnapshotFolder folder = new(arguments.GetValue(source)!.FullName);
            Stopwatch watch = Stopwatch.StartNew();
            SnapshotManifest manifest = folder.ReadManifest(out byte[] bytes);
            Genesis chain = GenesisFile.Load(node.GenesisFile).Genesis;
            SnapshotImport import = new(chain, node.DataDirectory, folder.ReadValidators(chain));
            ChainTip tip = import.Run(manifest, bytes, folder.ReadBlock(), folder.ReadChunk, static (done, all) =>
            {
                if (done % 100 == 0 || done == all)
                    Console.WriteLine($"{"chunks",-14} {done} of {all}");
            });
            Console.WriteLine($"{"imported",-14} height {tip.Height}, state root {tip.StateRoot}, {import.Fetched} chunks read in {watch.Elapsed.TotalSeconds:F1} s");
            Console.WriteLine($"{"next",-14} appchain run --home {node.Path}");
        });
        return command;
    }

    private static Option<FileInfo> Genesis() => new("--genesis") { Description = "The chain's genesis file: its validators are the ones to believe", Required = true };

    private static void Print(string path, SnapshotManifest manifest) => Print(Describe(path, manifest));

    /// <summary>What there is to say of a snapshot that was made.</summary>
    internal static CreatedSnapshot Describe(string path, SnapshotManifest manifest) => new()
    {
        Path = path,
        Height = manifest.Height,
        StateRoot = manifest.StateRoot,
        Records = manifest.Records,
        StateBytes = manifest.StateBytes,
        Chunks = (uint)manifest.Chunks.Count,
        PackedBytes = Packed(manifest),
    };

    private static void Print(CreatedSnapshot snapshot)
    {
        Console.WriteLine($"{"snapshot",-14} {snapshot.Path}");
        Console.WriteLine($"{"height",-14} {snapshot.Height}");
        Console.WriteLine($"{"state root",-14} {Output.Hex(snapshot.StateRoot)}");
        Console.WriteLine($"{"records",-14} {snapshot.Records}, {snapshot.StateBytes} bytes");
        Console.WriteLine($"{"chunks",-14} {snapshot.Chunks}, {snapshot.PackedBytes} bytes compressed");
    }

    private static ulong Packed(SnapshotManifest manifest) => manifest.Chunks.Aggregate(0UL, static (sum, chunk) => sum + chunk.PackedBytes);
}
