using System;

namespace AppChain.Consensus;

/// <summary>A header with the payload it commits to. The payload is opaque to consensus: the host puts batch ids, evidence and
/// system transactions in it.</summary>
public sealed class Block
{
    Block(Header header, ReadOnlyMemory<byte> payload)
    {
        Header = header;
        Payload = payload;
        Hash = header.Hash;
    }

    public Header Header { get; }

    /// <summary>At most <see cref="ConsensusLimits.PayloadBytesMax"/> bytes, whose tagged hash is the header's payload hash.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>The header's hash, computed once.</summary>
    public Digest Hash { get; }

    public View View => Header.View;

    public static Digest HashOfPayload(ReadOnlySpan<byte> payload) => TaggedHash.Payload.Of(payload);

    /// <summary>False if the payload is too long or is not the one that the header commits to.</summary>
    public static bool TryCreate(Header header, ReadOnlyMemory<byte> payload, out Block block)
    {
        block = null!;
        if (payload.Length > ConsensusLimits.PayloadBytesMax || HashOfPayload(payload.Span) != header.PayloadHash)
        {
            return false;
        }

        block = new Block(header, payload);
        return true;
    }

    public byte[] Encode()
    {
        var header = Header.Encode();
        var writer = new ByteWriter(EncodedLength(header));
        Write(ref writer, header);
        return writer.Finish();
    }

    /// <summary>False for a malformed or oversized encoding, trailing bytes, or a payload that does not match. Never throws.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out Block block)
    {
        var reader = new ByteReader(bytes);
        return TryRead(ref reader, out block) && reader.AtEnd;
    }

    internal int EncodedLength(byte[] encodedHeader) => 2 + encodedHeader.Length + 4 + Payload.Length;

    internal void Write(ref ByteWriter writer, byte[] encodedHeader)
    {
        writer.U16((ushort)encodedHeader.Length);
        writer.Bytes(encodedHeader);
        writer.U32((uint)Payload.Length);
        writer.Bytes(Payload.Span);
    }

    internal static bool TryRead(ref ByteReader reader, out Block block)
    {
        block = null!;
        // The length is judged before anything of that size is taken.
        return reader.U16(out var headerLength) && reader.Take(headerLength, out var headerBytes)
            && Header.TryDecode(headerBytes, out var header)
            && reader.U32(out var payloadLength) && payloadLength <= ConsensusLimits.PayloadBytesMax
            && reader.Take((int)payloadLength, out var payload)
            && TryCreate(header, payload.ToArray(), out block);
    }
}

/// <summary>What the host puts into a block that it was asked to build; the core adds the rest of the header.</summary>
/// <param name="TimeMs">Unix time in milliseconds. The core raises it to one above the parent's if it is not above.</param>
/// <param name="Payload">At most <see cref="ConsensusLimits.PayloadBytesMax"/> bytes.</param>
/// <param name="StateRoot">Root of the state after the parent.</param>
/// <param name="ReceiptsRoot">Root of the parent's receipts.</param>
/// <param name="NextValidatorsHash">Of the next epoch's set if this block is to end the epoch, else zero: see
/// <see cref="Header.NextValidatorsHash"/>.</param>
public sealed record BlockContent(
    ulong TimeMs,
    ReadOnlyMemory<byte> Payload,
    Digest StateRoot,
    Digest ReceiptsRoot,
    Digest NextValidatorsHash = default);
