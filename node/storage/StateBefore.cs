using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using AppChain.Crypto;
using AppChain.Storage.Native;

namespace AppChain.Storage;

/// <summary>
/// What the last commit replaced in the state, written in the commit's own batch. A header carries the root of its parent's state, so the state
/// after the tip is proven by nothing in the directory: the newest that is, and of which a stopped node can make a snapshot, is the one
/// before the last commit. Only that one is kept: it costs one read per changed key, and one record.
/// </summary>
internal static class StateBefore
{
    private const int EntryOverhead = 1 + 4 + 4;

    /// <summary>The record of a commit that is about to be written.</summary>
    /// <param name="tip">The tip until now.</param>
    /// <param name="states">The states after each block of the commit.</param>
    public static byte[] Encode(Database database, ChainTip tip, IReadOnlyList<StateView> states)
    {
        Dictionary<ReadOnlyMemory<byte>, byte[]?> before = new(ByteOrder.Instance);
        foreach (StateView state in states)
        {
            foreach (ReadOnlyMemory<byte> key in state.Changes!.Keys)
            {
                if (!before.ContainsKey(key))
                    before.Add(key, database.Get(ColumnFamily.State, key.Span));
            }
        }
        long length = Records.TipSize + before.Sum(static entry => (long)EntryOverhead + entry.Key.Length + (entry.Value?.Length ?? 0));
        byte[] record = new byte[checked((int)length)];
        Records.Tip(tip).CopyTo(record, 0);
        Span<byte> rest = record.AsSpan(Records.TipSize);
        foreach ((ReadOnlyMemory<byte> key, byte[]? value) in before)
        {
            rest[0] = value is null ? (byte)0 : (byte)1;
            rest = rest[1..];
            Write(ref rest, key.Span);
            Write(ref rest, value);
        }
        return record;
    }

    /// <summary>Reads a record. False means damage.</summary>
    /// <param name="before">By key: its value, null where there was none.</param>
    public static bool TryDecode(
        ReadOnlyMemory<byte> record,
        [NotNullWhen(true)] out ChainTip? tip,
        out Dictionary<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?> before)
    {
        (tip, before) = (null, new(ByteOrder.Instance));
        if (record.Length < Records.TipSize || !Records.TryReadTip(record.Span[..Records.TipSize], out tip))
            return false;
        for (ReadOnlyMemory<byte> rest = record[Records.TipSize..]; !rest.IsEmpty;)
        {
            byte present = rest.Span[0];
            rest = rest[1..];
            if (present > 1 || !TryTake(ref rest, out ReadOnlyMemory<byte> key) || !TryTake(ref rest, out ReadOnlyMemory<byte> value))
                return false;
            // By name: a bare null would silently turn into an empty value, which is present.
            before[key] = present == 1 ? value : default(ReadOnlyMemory<byte>?);
        }
        return true;
    }

    private static void Write(ref Span<byte> rest, ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteInt32BigEndian(rest, bytes.Length);
        bytes.CopyTo(rest[4..]);
        rest = rest[(4 + bytes.Length)..];
    }

    private static bool TryTake(ref ReadOnlyMemory<byte> rest, out ReadOnlyMemory<byte> taken)
    {
        taken = default;
        if (rest.Length < 4)
            return false;
        int length = BinaryPrimitives.ReadInt32BigEndian(rest.Span);
        if (length < 0 || length > rest.Length - 4)
            return false;
        taken = rest.Slice(4, length);
        rest = rest[(4 + length)..];
        return true;
    }
}
