namespace AppChain.Storage;

/// <summary>What is kept and pruned together, under one budget of bytes.</summary>
public enum RetentionClass
{
    /// <summary>The batches of blocks: what transactions said.</summary>
    Batches,

    /// <summary>Receipts, and the indexes of transactions that are made from them: what became of transactions.</summary>
    Receipts,

    /// <summary>Headers, payloads and certificates: what proves. Kept at least as long as the other two.</summary>
    Headers,
}

/// <summary>
/// How many bytes of old blocks a node keeps, by class; null keeps all. The bytes are those of keys and values as stored, before
/// compression and before the database has given space back.
/// </summary>
public sealed record RetentionBudget
{
    /// <summary>Keeps everything: an archive.</summary>
    public static RetentionBudget Archive { get; } = new();

    public long? Batches { get; init; }

    public long? Receipts { get; init; }

    /// <summary>A block whose header goes loses its batches and receipts too, whatever their budget.</summary>
    public long? Headers { get; init; }

    internal long? Of(RetentionClass kind) => kind switch
    {
        RetentionClass.Batches => Batches,
        RetentionClass.Receipts => Receipts,
        _ => Headers,
    };
}

/// <summary>What is kept of one class.</summary>
/// <param name="From">The lowest height that is kept; below it nothing is answered any more.</param>
/// <param name="Swept">Below this height nothing is left on disk. Up to <paramref name="From"/> there may be some.</param>
/// <param name="Bytes">Bytes kept.</param>
public readonly record struct RetentionSpan(ulong From, ulong Swept, long Bytes);

/// <summary>What is kept of each class.</summary>
public sealed record RetentionRecord(RetentionSpan Batches, RetentionSpan Receipts, RetentionSpan Headers)
{
    /// <summary>Everything from the first block on, of which there is none yet.</summary>
    internal static RetentionRecord Everything { get; } = new(new(1, 1, 0), new(1, 1, 0), new(1, 1, 0));

    /// <summary>The span of a class.</summary>
    public RetentionSpan Of(RetentionClass kind) => kind switch
    {
        RetentionClass.Batches => Batches,
        RetentionClass.Receipts => Receipts,
        _ => Headers,
    };

    internal RetentionRecord With(RetentionClass kind, RetentionSpan span) => kind switch
    {
        RetentionClass.Batches => this with { Batches = span },
        RetentionClass.Receipts => this with { Receipts = span },
        _ => this with { Headers = span },
    };

    /// <summary>With one more block's bytes.</summary>
    internal RetentionRecord Plus(BlockWeight weight) => new(
        Batches with { Bytes = Batches.Bytes + weight.Batches },
        Receipts with { Bytes = Receipts.Bytes + weight.Receipts },
        Headers with { Bytes = Headers.Bytes + weight.Headers });

    /// <summary>Without one block's bytes.</summary>
    internal RetentionRecord Minus(BlockWeight weight) => Plus(new BlockWeight(-weight.Batches, -weight.Receipts, -weight.Headers));
}

/// <summary>What a block weighs in each budget, in bytes.</summary>
internal readonly record struct BlockWeight(long Batches, long Receipts, long Headers)
{
    public static BlockWeight Of(StoredBlock block) => new(BatchesOf(block.Batches), block.ReceiptBytes, block.HeaderBytes);

    public static long BatchesOf(IReadOnlyList<NamedBatch> batches)
    {
        long bytes = 0;
        foreach (NamedBatch batch in batches)
            bytes += Crypto.Hash256.Size + batch.Length;
        return bytes;
    }

    public long For(RetentionClass kind) => kind switch
    {
        RetentionClass.Batches => Batches,
        RetentionClass.Receipts => Receipts,
        _ => Headers,
    };
}
