using System.Buffers.Binary;
using AppChain.Crypto;
using AppChain.Storage;

namespace AppChain.Benchmarks.Store;

/// <summary>Blocks of proofs in the sizes that the chain has: every device's bytes follow from its number, everything else from the block's.</summary>
internal sealed class ProofLoad(StoreBenchmarkOptions options)
{
    /// <summary>Bytes of an encoded proof: address, key, signature and readings, which do not compress, and some 50 that do.</summary>
    public const int ProofBytes = 200;

    private const int RecordBytes = 190;
    private const int RandomBytes = 150;
    private const int OwnersOfDevices = 1_000;

    private readonly Random random = new(1);

    public static byte[] Address(int device) => Hashing.Sha256(BitConverter.GetBytes(device)).ToArray()[..20];

    public static byte[] StateKey(int device) => [2, .. Address(device)];

    public static Hash256 TransactionId(int block, int place)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt32BigEndian(bytes, block);
        BinaryPrimitives.WriteInt32BigEndian(bytes[4..], place);
        return Hashing.Sha256(bytes);
    }

    /// <summary>Registers devices, so many in a block.</summary>
    public IEnumerable<FinalizedBlock> Registrations(ChainStore store)
    {
        const int PerBlock = 20_000;
        for (int first = 0; first < options.Devices; first += PerBlock)
        {
            int count = Math.Min(PerBlock, options.Devices - first);
            StateView state = store.Finalised.With([.. Enumerable.Range(first, count).Select(device => StateChange.Put(StateKey(device), Record(device, 0)))]);
            yield return Block(state) with
            {
                Members = [.. Enumerable.Range(first, count).Select(device => new MemberChange(
                    MemberIndex.DevicesOfOwner, Address(-1 - (device % OwnersOfDevices)), Address(device), Joins: true))],
            };
        }
    }

    /// <summary>The next block of proofs of random devices; its batch is stored.</summary>
    public FinalizedBlock Proofs(ChainStore store, int number)
    {
        HashSet<int> devices = [];
        while (devices.Count < options.Proofs)
            devices.Add(random.Next(options.Devices));
        byte[] batch = new byte[ProofBytes * options.Proofs];
        ExecutedTransaction[] transactions = new ExecutedTransaction[options.Proofs];
        int place = 0;
        foreach (int device in devices)
        {
            random.NextBytes(batch.AsSpan(ProofBytes * place, RandomBytes));
            BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan((ProofBytes * place) + RandomBytes), number);
            transactions[place] = new ExecutedTransaction(TransactionId(number, place), new byte[] { 0x1a, 4, 0x10, 100, 0x18, (byte)number })
            {
                Slice = new BatchSlice(0, ProofBytes * place, ProofBytes),
                Touched = [new HistoryKey(HistoryIndex.TransactionsOfDevice, Address(device))],
            };
            place++;
        }
        Hash256 id = Hashing.Sha256(batch);
        store.PutBatch(id, batch);
        StateView state = store.Finalised.With([.. devices.Select(device => StateChange.Put(StateKey(device), Record(device, number)))]);
        return Block(state) with { Batches = [new NamedBatch(id, batch.Length)], Transactions = transactions };
    }

    private static byte[] Record(int device, int number)
    {
        byte[] record = new byte[RecordBytes];
        new Random(device).NextBytes(record.AsSpan(0, 80)); // owner, manufacturer, key
        BinaryPrimitives.WriteInt32BigEndian(record.AsSpan(80), number);
        return record;
    }

    private static FinalizedBlock Block(StateView state)
    {
        byte[] header = new byte[400];
        BinaryPrimitives.WriteUInt64BigEndian(header, state.Height);
        return new FinalizedBlock
        {
            Height = state.Height,
            HeaderHash = Hashing.Sha256(header),
            Header = header,
            Payload = new byte[40],
            Finalization = new byte[400],
            TimeMs = 1_000 * state.Height,
            Transactions = [],
            State = state,
        };
    }
}
