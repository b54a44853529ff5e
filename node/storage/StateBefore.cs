using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using AppChain.Crypto;
using AppChain.Storage.Native;

namespace AppChain.Storage;

/// <summary>
/// What the last commit replaced in the state, written when a node stops. A header carries the root of its parent's state, so the state
/// after the tip is proven by nothing in the directory: the newest that is, and of which a stopped node can make a snapshot, is the one
/// before the last commit. The record names the tip that it is of: after a crash an older one may be there, which says nothing.
/// </summary>
internal static class StateBefore
{
    private const int HeadSize = Records.TipSize + Hash256.Size;
    private const int EntryOverhead = 1 + 4 + 4;

    /// <summary>The record of the last commit.</summary>
    /// <param name="tip">The tip before it.</param>
    /// <param name="after">Header hash of the tip after it.</param>
    /// <param name="state">The state before it.</param>
    /// <param name="changes">What each of its blocks changed.</param>
    public static byte[] Encode(
        ChainTip tip, in Hash256 after, StateView state, IReadOnlyDictionary<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?>[] changes)
    {
        Dictionary<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?> before = new(ByteOrder.Instance);
        foreach (ReadOnlyMemory<byte> key in changes.SelectMany(static change => change.Keys))
        {
            if (!before.ContainsKey(key))
                before.Add(key, state.TryGet(key.Span, out ReadOnlyMemory<byte> value) ? value : default(ReadOnlyMemory<byte>?));
        }
        long length = HeadSize + before.Sum(static entry => (long)EntryOverhead + entry.Key.Length + (entry.Value?.Length ?? 0));
        byte[] record = new byte[checked((int)length)];
        Records.Tip(tip).CopyTo(record, 0);
        after.Bytes.CopyTo(record.AsSpan(Records.TipSize));
        Span<byte> rest = record.AsSpan(HeadSize);
        foreach ((ReadOnlyMemory<byte> key, ReadOnlyMemory<byte>? value) in before)
        {
            rest[0] = value is null ? (byte)0 : (byte)1;
            rest = rest[1..];
            Write(ref rest, key.Span);
            Write(ref rest, value.GetValueOrDefault().Span);
        }
        return record;
    }

    /// <summary>Reads a record. False means damage.</summary>
    /// <param name="before">By key: its value, null where there was none.</param>
    public static bool TryDecode(
        ReadOnlyMemory<byte> record,
        [NotNullWhen(true)] out ChainTip? tip,
        out Hash256 after,
        out Dictionary<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?> before)
    {
        (tip, after, before) = (null, default, new(ByteOrder.Instance));
        if (record.Length < HeadSize || !Records.TryReadTip(record.Span[..Records.TipSize], out tip))
            return false;
        after = new Hash256(record.Span[Records.TipSize..HeadSize]);
        for (ReadOnlyMemory<byte> rest = record[HeadSize..]; !rest.IsEmpty;)
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
