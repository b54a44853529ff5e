using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Driver;
using AppChain.Storage;

namespace AppChain.Node.Verify;

/// <summary>
/// Every entry of every index must point at what it is the index of. An entry's key says what that is, so none can be there twice:
/// where each is right and there are as many as there must be, none is missing.
/// </summary>
internal sealed class IndexChecks(StoreRecords records, VerifyReport report)
{
    private const int EntriesAtATime = 4_096;

    private readonly Dictionary<Type, long> counts = [];

    /// <param name="blocks">Blocks that are kept; null if that is not known.</param>
    public void Run(int? blocks)
    {
        foreach (IndexRecord[] some in records.Index().Chunk(EntriesAtATime))
            Check(some);
        (long indexed, long touches) = (0, 0);
        foreach (ExecutedTransaction transaction in records.Receipts().Select(static stored => stored.Executed).Where(static executed => executed.Indexed))
            (indexed, touches) = (indexed + 1, touches + transaction.Touched.Count);
        long members = records.State(new[] { (byte)StateKind.Device })
            .Sum(static record => (long)BlockIndex.MembersOf(new Address(record.Key.Span[1..]), DeviceRecord.Decode(record.Value), joins: true).Count());
        if (blocks is { } kept)
        {
            Expect<IndexRecord.OfHeaderHash>("header hashes", kept);
            Expect<IndexRecord.OfTime>("times", kept);
        }
        Expect<IndexRecord.OfTransaction>("transactions", indexed);
        Expect<IndexRecord.OfHistory>("histories", touches);
        Expect<IndexRecord.OfMember>("devices", members);
        report.Note("indexes", $"{counts.Values.Sum()} entries");
    }

    // Nearly all of the time is reading what entries point at: that is done on all cores, and reported in order.
    private void Check(IndexRecord[] some)
    {
        bool[] right = new bool[some.Length];
        StorageException?[] unreadable = new StorageException?[some.Length];
        Parallel.For(0, some.Length, i =>
        {
            try
            {
                right[i] = IsRight(some[i]);
            }
            catch (StorageException damage) when (damage.Fault == StorageFault.Corruption)
            {
                unreadable[i] = damage;
            }
        });
        for (int i = 0; i < some.Length; i++)
        {
            counts[some[i].GetType()] = Count(some[i].GetType()) + 1;
            if (unreadable[i] is { } damage)
                report.Damage(damage);
            else if (!right[i])
                report.Problem("column family index", $"an entry points at the wrong place: {Describe(some[i])}");
        }
    }

    private long Count(Type kind) => counts.GetValueOrDefault(kind);

    private void Expect<TEntry>(string name, long expected)
    {
        if (Count(typeof(TEntry)) != expected)
            report.Problem("column family index", $"the index of {name} has {Count(typeof(TEntry))} entries, expected {expected}");
    }

    private bool IsRight(IndexRecord entry) => entry switch
    {
        IndexRecord.OfTransaction of => records.Transaction(of.Location) is { Executed: { Indexed: true } executed } && executed.Id == of.Id,
        IndexRecord.OfHeaderHash of => records.Block(of.Height)?.HeaderHash == of.HeaderHash,
        IndexRecord.OfTime of => records.Block(of.Height)?.TimeMs == of.TimeMs,
        IndexRecord.OfBatch of => records.Block(of.Height) is { } block && block.Batches.Any(named => named.Id == of.Id),
        IndexRecord.OfHistory of => records.Transaction(of.Location) is { } transaction && transaction.Executed.Touched.Any(key => IsSame(key, of.Key)),
        IndexRecord.OfMember of => IsMember(of),
        // A stored batch that nobody named yet: it points at nothing.
        _ => true,
    };

    private bool IsMember(IndexRecord.OfMember of)
    {
        if (of.Member.Length != Address.Size || records.StateOf(StateKey.Device(new Address(of.Member.Span)).Bytes) is not { } value)
            return false;
        return BlockIndex.MembersOf(new Address(of.Member.Span), DeviceRecord.Decode(value), joins: true)
            .Any(change => change.Index == of.Index && change.Group.Span.SequenceEqual(of.Group.Span));
    }

    private static bool IsSame(HistoryKey left, HistoryKey right) => left.Index == right.Index && left.Subject.Span.SequenceEqual(right.Subject.Span);

    private static string Describe(IndexRecord entry) => entry switch
    {
        IndexRecord.OfTransaction of => $"transaction {of.Id} at height {of.Location.Height}, place {of.Location.Index}",
        IndexRecord.OfHeaderHash of => $"header hash {of.HeaderHash} at height {of.Height}",
        IndexRecord.OfTime of => $"time {of.TimeMs} at height {of.Height}",
        IndexRecord.OfBatch of => $"batch {of.Id} at height {of.Height}",
        IndexRecord.OfHistory of =>
            $"{of.Key.Index} {Convert.ToHexStringLower(of.Key.Subject.Span)} at height {of.Location.Height}, place {of.Location.Index}",
        IndexRecord.OfMember of => $"{of.Index} {Convert.ToHexStringLower(of.Group.Span)}, member {Convert.ToHexStringLower(of.Member.Span)}",
        _ => entry.ToString(),
    };
}
