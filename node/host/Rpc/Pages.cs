using System.Buffers.Binary;
using AppChain.Protos.V1;
using AppChain.Storage;
using Google.Protobuf;
using Grpc.Core;

namespace AppChain.Node.Rpc;

/// <summary>Sizes and cursors of lists that are read a page at a time. A cursor names the last entry of a page; it holds for ever.</summary>
internal static class Pages
{
    private const int PlaceSize = 8 + 4;

    /// <summary>The size of a page that was asked for.</summary>
    public static int SizeOf(uint asked, uint max) => asked <= max
        ? (int)(asked == 0 ? Math.Min(NodeLimits.PageDefault, max) : asked)
        : throw Refusals.BadArgument($"page_size: at most {max}, got {asked}");

    /// <summary>The place that a cursor names; null for an empty one.</summary>
    public static TransactionLocation? PlaceOf(ByteString cursor)
    {
        if (cursor.IsEmpty)
            return null;
        if (cursor.Length == PlaceSize && BinaryPrimitives.ReadInt32BigEndian(cursor.Span[8..]) is >= 0 and var index)
            return new TransactionLocation(BinaryPrimitives.ReadUInt64BigEndian(cursor.Span), index);
        throw WrongCursor();
    }

    /// <summary>The cursor of a list of transactions after this page; empty if it was the last.</summary>
    public static ByteString After(IReadOnlyList<FinalTransaction> page, int size)
    {
        if (page.Count < size)
            return ByteString.Empty;
        byte[] cursor = new byte[PlaceSize];
        BinaryPrimitives.WriteUInt64BigEndian(cursor, page[^1].Location.Height);
        BinaryPrimitives.WriteInt32BigEndian(cursor.AsSpan(8), page[^1].Location.Index);
        return ByteString.CopyFrom(cursor);
    }

    /// <summary>The address that a cursor names; empty for an empty one.</summary>
    public static ReadOnlyMemory<byte> AddressOf(ByteString cursor) =>
        cursor.Length is 0 or Crypto.Address.Size ? cursor.Memory : throw WrongCursor();

    /// <summary>The cursor of a list of devices after this page; empty if it was the last.</summary>
    public static ByteString After(IReadOnlyList<Crypto.Address> page, int size) => page.Count < size ? ByteString.Empty : WireForm.Bytes(page[^1]);

    private static RpcException WrongCursor() => Refusals.BadArgument("cursor: expected next_cursor of an earlier page of the same list");
}
