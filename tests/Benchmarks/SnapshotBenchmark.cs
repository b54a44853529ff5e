using AppChain.Crash.World;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Snapshots;
using AppChain.Node.Verify;
using AppChain.Protos.V1;
using AppChain.Storage;
using AppChain.Storage.Native;
using KeyScheme = AppChain.Crypto.KeyScheme;
using Measurement = AppChain.Ledger.Measurement;

namespace AppChain.Benchmarks;

/// <summary>A snapshot of a state of devices: made, imported into a new directory, and that verified; as the command line does it.</summary>
internal static class SnapshotBenchmark
{
    private const int Blocks = 3, OwnersOfDevices = 1_000, FirstReading = 700, Scale = 1_000;

    public static void Run(BenchmarkOptions options, Report report)
    {
        using WorkDirectory directory = new(options);
        string data = Path.Combine(directory.Path, "data"), imported = Path.Combine(directory.Path, "imported");
        ChainMaker maker = new();
        report.Number("live state, compacted", MakeChain(maker, options.Keys, data) / 1048576.0, "MiB");

        SnapshotFolder folder = new(Path.Combine(directory.Path, "snapshot"));
        Cost export = Cost.Of(() => Export(maker, data, folder));
        SnapshotManifest manifest = folder.ReadManifest(out byte[] bytes);
        Cost import = Cost.Of(() => new SnapshotImport(maker.Genesis, imported).Run(manifest, bytes, folder.ReadBlock(), folder.ReadChunk, static (_, _) => { }));
        Cost verify = Cost.Of(() => Verify(maker, imported));

        report.Number("snapshot", manifest.Chunks.Sum(static chunk => chunk.PackedBytes) / 1048576.0, $"MiB in {manifest.Chunks.Count} chunks of {manifest.StateBytes >> 20} MiB of records");
        report.Long("made", [export]);
        report.Long("imported, each chunk and the whole checked", [import]);
        report.Long("verified, as appchain verify does", [verify]);
        report.Long("together", [new Cost(export.Wall + import.Wall + verify.Wall, export.Cpu + import.Cpu + verify.Cpu)]);
        report.ResidentMemory();
    }

    private static void Export(ChainMaker maker, string data, SnapshotFolder folder)
    {
        using StoreRecords records = StoreRecords.Open(data);
        SnapshotExport.Write(SnapshotSource.LeftBy(records)!, maker.Genesis, folder, CancellationToken.None);
    }

    private static void Verify(ChainMaker maker, string data)
    {
        using StoreRecords records = StoreRecords.Open(data);
        VerifyReport found = new(static (label, text) =>
        {
            if (label == "problem")
                throw new InvalidOperationException(text);
        });
        ChainVerification.Run(records, maker.Genesis, found);
    }

    /// <summary>A chain whose genesis has the devices. Returns the bytes of its state on disk.</summary>
    private static long MakeChain(ChainMaker maker, int devices, string data)
    {
        using ChainStore store = ChainStore.Open(data, new StoreOptions());
        maker.Initialize(store, Enumerable.Range(0, devices).Select(Device));
        maker.MakeBlocks(store, Blocks);
        store.Flush(ColumnFamily.State);
        store.Compact(ColumnFamily.State);
        return (long)store.Property(ColumnFamily.State, "rocksdb.total-sst-files-size");
    }

    private static StateChange Device(int number)
    {
        Hash256 key = Hashing.Sha256(BitConverter.GetBytes(number));
        Address address = new(key.Bytes[..Address.Size]);
        DeviceRecord record = new()
        {
            Owner = new Address(Hashing.Sha256(BitConverter.GetBytes(-1 - (number % OwnersOfDevices))).Bytes[..Address.Size]),
            Manufacturer = new Address(Hashing.Sha256("manufacturer"u8).Bytes[..Address.Size]),
            Scheme = KeyScheme.P256,
            PublicKey = (byte[])[2, .. key.Bytes],
            LatitudeE7 = number,
            LongitudeE7 = -number,
            RegisteredMs = 1_767_225_600_000,
            Enrollments =
            [
                new Ledger.Enrollment
                {
                    Service = 1,
                    Accepted = (ulong)number % Scale,
                    Work = new EpochWork(0, 1, 0, 1, Hashing.Sha256([1])),
                    KindState = new SensorState
                    {
                        LastObservedMs = 1_767_225_600_000 + (ulong)number,
                        SameInARow = 1,
                        LastReading = [new Measurement(1, FirstReading * Scale), new Measurement(2, number)],
                    }.Encode(),
                },
            ],
        };
        return StateChange.Put(StateKey.Device(address).Bytes.ToArray(), record.Encode());
    }
}
