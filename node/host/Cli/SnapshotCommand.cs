using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
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
        Command command = new("create", "Write a snapshot of a stopped node's state to HOME/snapshots/HEIGHT") { home };
        command.SetAction(arguments =>
        {
            NodeHome node = new(arguments.GetValue(home)!.FullName);
            Stopwatch watch = Stopwatch.StartNew();
            using StoreRecords records = StoreRecords.Open(node.DataDirectory);
            // Where it will be is known when the state has been read: it is written beside first.
            string snapshots = Path.Combine(node.Path, "snapshots");
            SnapshotFolder growing = new(Path.Combine(snapshots, "growing"));
            if (Directory.Exists(growing.Path))
                Directory.Delete(growing.Path, recursive: true);
            SnapshotManifest manifest = SnapshotExport.Run(records, GenesisFile.Load(node.GenesisFile).Genesis, growing);
            string final = Path.Combine(snapshots, manifest.Height.ToString(CultureInfo.InvariantCulture));
            if (Directory.Exists(final))
                Directory.Delete(final, recursive: true);
            Directory.Move(growing.Path, final);
            Print(final, manifest);
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
            string folder = Path.Combine(arguments.GetValue(home)!.FullName, "snapshots");
            string[] all = Directory.Exists(folder) ? Directory.GetDirectories(folder) : [];
            foreach (SnapshotFolder snapshot in all.Select(path => new SnapshotFolder(path)).Where(snapshot => snapshot.Exists))
            {
                SnapshotManifest manifest = snapshot.ReadManifest(out _);
                Console.WriteLine($"{manifest.Height,-12} {manifest.Records} records, {manifest.Chunks.Count} chunks, {Packed(manifest) >> 10} KiB  {snapshot.Path}");
            }
            if (all.Length == 0)
                Console.WriteLine($"no snapshots in {folder}: make one with `appchain snapshot create`.");
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
            SnapshotTrust trust = new(GenesisFile.Load(arguments.GetValue(genesis)!.FullName).Genesis);
            SnapshotManifest manifest = from.ReadManifest(out _);
            byte[] block = from.ReadBlock();
            if ((trust.Problem(manifest) ?? trust.TryOpenBlock(manifest, block, out _)) is { } problem)
                throw new CommandException($"the snapshot is refused: {problem}.");
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
            SnapshotImport import = new(GenesisFile.Load(node.GenesisFile).Genesis, node.DataDirectory);
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

    private static void Print(string path, SnapshotManifest manifest)
    {
        Console.WriteLine($"{"snapshot",-14} {path}");
        Console.WriteLine($"{"height",-14} {manifest.Height}");
        Console.WriteLine($"{"state root",-14} {Output.Hex(manifest.StateRoot)}");
        Console.WriteLine($"{"records",-14} {manifest.Records}, {manifest.StateBytes} bytes");
        Console.WriteLine($"{"chunks",-14} {manifest.Chunks.Count}, {Packed(manifest)} bytes compressed");
    }

    private static long Packed(SnapshotManifest manifest) => manifest.Chunks.Sum(chunk => (long)chunk.PackedBytes);
}
