using System.Buffers.Binary;
using AppChain.Consensus;
using AppChain.Crypto;

namespace AppChain.Node.Signer;

/// <summary>Whose votes a record holds.</summary>
/// <param name="GenesisHash">The chain: its name and its genesis.</param>
/// <param name="PublicKey">The key that signs.</param>
public sealed record SignerIdentity(Hash256 GenesisHash, Hash256 PublicKey);

/// <summary>
/// One of the two slots of the record's file, 4,096 bytes, integers big-endian:
/// <c>"appsign1" ‖ sequence:8 ‖ genesisHash:32 ‖ publicKey:32 ‖ epoch:8 ‖ floor:8 ‖ views:2 ‖ views × (view:8 ‖ kinds:1 ‖ notarize ‖ finalize)
/// ‖ zeros ‖ sha256:32</c>, where bit 0, 1, 2 of kinds says that a notarize, nullify, finalize was signed, and <c>notarize</c> and
/// <c>finalize</c> are <c>parentView:8 ‖ headerHash:32</c>, zeros if there is none. The hash covers all before it.
/// </summary>
public sealed record SignerSlot(ulong Sequence, SignerIdentity Identity, SignedVotes Votes)
{
    /// <summary>Bytes of a slot.</summary>
    public const int Size = 4_096;

    private const int ViewsOffset = 8 + 8 + Hash256.Size + Hash256.Size + 8 + 8 + 2;
    private const int BlockSize = 8 + Digest.Size;
    private const int ViewSize = 8 + 1 + (2 * BlockSize);
    private const int HashOffset = Size - Hash256.Size;

    private static ReadOnlySpan<byte> Magic => "appsign1"u8;

    public byte[] Encode()
    {
        byte[] slot = new byte[Size];
        Span<byte> rest = slot;
        Magic.CopyTo(rest);
        BinaryPrimitives.WriteUInt64BigEndian(rest[8..], Sequence);
        Identity.GenesisHash.Bytes.CopyTo(rest[16..]);
        Identity.PublicKey.Bytes.CopyTo(rest[48..]);
        BinaryPrimitives.WriteUInt64BigEndian(rest[80..], Votes.Epoch.Value);
        BinaryPrimitives.WriteUInt64BigEndian(rest[88..], Votes.Floor.Value);
        List<IGrouping<View, VoteBody>> views = [.. Votes.Bodies.GroupBy(body => body.View)];
        BinaryPrimitives.WriteUInt16BigEndian(rest[96..], checked((ushort)views.Count));
        rest = rest[ViewsOffset..HashOffset];
        foreach (IGrouping<View, VoteBody> view in views)
        {
            BinaryPrimitives.WriteUInt64BigEndian(rest, view.Key.Value);
            foreach (VoteBody body in view)
            {
                rest[8] |= BitOf(body.Kind);
                if (body.Kind != VoteKind.Nullify)
                    WriteBlock(rest[OffsetOf(body.Kind)..], body);
            }
            rest = rest[ViewSize..];
        }
        Hashing.Sha256(slot.AsSpan(0, HashOffset)).Bytes.CopyTo(slot.AsSpan(HashOffset));
        return slot;
    }

    /// <summary>The slot, or null if these bytes are not a whole one: torn by a crash, or damaged.</summary>
    public static SignerSlot? TryDecode(ReadOnlySpan<byte> slot)
    {
        if (slot.Length != Size || !slot.StartsWith(Magic) || !slot[HashOffset..].SequenceEqual(Hashing.Sha256(slot[..HashOffset]).Bytes))
            return null;
        int views = BinaryPrimitives.ReadUInt16BigEndian(slot[96..]);
        if (views > (int)NodeLimits.SignedViewsMax)
            return null;
        SignerIdentity identity = new(new Hash256(slot.Slice(16, Hash256.Size)), new Hash256(slot.Slice(48, Hash256.Size)));
        Epoch epoch = new(BinaryPrimitives.ReadUInt64BigEndian(slot[80..]));
        SignedVotes votes = new(epoch, new View(BinaryPrimitives.ReadUInt64BigEndian(slot[88..])));
        ReadOnlySpan<byte> rest = slot[ViewsOffset..HashOffset];
        for (int i = 0; i < views; i++)
        {
            View view = new(BinaryPrimitives.ReadUInt64BigEndian(rest));
            // In an order that the rules allow: a nullify may follow a notarize, not the other way round.
            foreach (VoteKind kind in Enum.GetValues<VoteKind>())
            {
                if ((rest[8] & BitOf(kind)) != 0)
                    votes.Add(kind == VoteKind.Nullify ? VoteBody.Nullify(epoch, view) : ReadBlock(rest[OffsetOf(kind)..], kind, epoch, view));
            }
            rest = rest[ViewSize..];
        }
        return new SignerSlot(BinaryPrimitives.ReadUInt64BigEndian(slot[8..]), identity, votes);
    }

    private static byte BitOf(VoteKind kind) => (byte)(1 << ((int)kind - 1));

    private static int OffsetOf(VoteKind kind) => kind == VoteKind.Notarize ? 9 : 9 + BlockSize;

    private static void WriteBlock(Span<byte> target, VoteBody body)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, body.ParentView.Value);
        body.HeaderHash.CopyTo(target[8..BlockSize]);
    }

    private static VoteBody ReadBlock(ReadOnlySpan<byte> source, VoteKind kind, Epoch epoch, View view) =>
        new(kind, epoch, view, new View(BinaryPrimitives.ReadUInt64BigEndian(source)), new Digest(source[8..BlockSize]));
}
