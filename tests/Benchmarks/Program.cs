using AppChain.Benchmarks;

// Each benchmark first measures SHA-256 of 64 bytes, and gives its results also in units of it: on a shared machine only ratios compare.
const string Usage = """
    usage: tests/bench NAME [--keys N] [--touched N] [--blocks N] [--directory PATH]
      hash        SHA-256 one by one and eight at once
      verify      BIP-340 signatures verified together, over one by one
      vrf         ECVRF proofs beside BIP-340 signatures
      tree        the state tree alone: update, proof, memory
      state       the store with it: start, update, commit, proof, memory
      snapshot    a snapshot of a state of devices (--devices, as --keys): made, imported, verified
      store       blocks of a million devices: commit, bytes on disk, reads, pruning; options of its own
      execute     the ledger: proofs and transfers, without their signatures
      jellyfish   the alternative: a 16-ary versioned tree whose nodes are in RocksDB
    defaults: --keys 1000000 --touched 10000 --blocks 20; without a directory a temporary one is used, and deleted
    """;
if (args is ["store", ..])
    return AppChain.Benchmarks.Store.StoreBenchmark.Run(args.AsSpan(1));
if (!BenchmarkOptions.TryParse(args, out string name, out BenchmarkOptions options))
{
    Console.Error.WriteLine(Usage);
    return 2;
}
Report report = new();
switch (name)
{
    case "hash":
        HashBenchmark.Run(report);
        break;
    case "verify":
        VerifyBenchmark.Run();
        break;
    case "vrf":
        VrfBenchmark.Run(report);
        break;
    case "tree":
        TreeBenchmark.Run(options, report);
        break;
    case "state":
        StateBenchmark.Run(options, report);
        break;
    case "snapshot":
        SnapshotBenchmark.Run(options, report);
        break;
    case "execute":
        ExecuteBenchmark.Run(options, report);
        break;
    case "jellyfish":
        JellyfishBenchmark.Run(options, report);
        break;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
return 0;
