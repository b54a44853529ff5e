using System.Buffers.Binary;
using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>A record as it lies on disk, in the layouts of ColumnFamilies.cs.</summary>
public readonly record struct StoredRow(ColumnFamily Family, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value)
{
    /// <summary>The column family's name on disk.</summary>
    public string FamilyName => ColumnFamilies.Name(Family);

    /// <summary>A column family's name on disk.</summary>
    public static string NameOf(ColumnFamily family) => ColumnFamilies.Name(family);

    /// <summary>The key as people read it: hex, or the word that a key of <c>meta</c> is.</summary>
    public string KeyText => Damage.KeyText(Family, Key.Span);

    /// <summary>
    /// What the row says: a <see cref="StateEntry"/>, <see cref="StoredBlock"/>, <see cref="StoredBatch"/>, <see cref="StoredCertificate"/>, list of
    /// <see cref="StoredTransaction"/>, <see cref="IndexRecord"/>, <see cref="JournalRecord"/> or <see cref="MetaRecord"/>, by its column family. Null if it cannot be
    /// what was written.
    /// </summary>
    public object? Decode() => Family switch
    {
        ColumnFamily.State => new StateEntry(Key, Value),
        ColumnFamily.Headers => TryNumber(out ulong height) ? Records.TryReadBlock(height, Value) : null,
        ColumnFamily.Batches => Key.Length == Hash256.Size ? new StoredBatch(new Hash256(Key.Span), Value) : null,
        ColumnFamily.Certificates => TryNumber(out ulong height) ? new StoredCertificate(height, Value) : null,
        ColumnFamily.Receipts => ReceiptRow.TryDecode(Key, Value),
        ColumnFamily.Index => IndexRecord.TryDecode(Key, Value.Span),
        ColumnFamily.Journal => TryNumber(out ulong sequence) ? Journal.TryOpen(sequence, Value) : null,
        ColumnFamily.Meta => MetaRecord.TryDecode(Key.Span, Value),
        _ => null,
    };

    private bool TryNumber(out ulong number)
    {
        bool isNumber = Key.Length == sizeof(ulong);
        number = isNumber ? BinaryPrimitives.ReadUInt64BigEndian(Key.Span) : 0;
        return isNumber;
    }
}
