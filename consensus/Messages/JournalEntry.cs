using System;

namespace AppChain.Consensus;

/// <summary>What the journal remembers: all that a restarted core needs besides the finalised tip. One type byte, then the thing's own
/// encoding.</summary>
public abstract record JournalEntry
{
    JournalEntry()
    {
    }

    /// <summary>A vote we signed: never to be contradicted, and to be counted again.</summary>
    public sealed record OwnVote(Vote Vote) : JournalEntry;

    /// <summary>A block we proposed: sent again after a restart, never built a second time.</summary>
    public sealed record OwnProposal(Block Block) : JournalEntry;

    /// <summary>A certificate we verified: after a crash of all, someone must still have it.</summary>
    public sealed record Accepted(Certificate Certificate) : JournalEntry;

    /// <summary>A certified block: its header and payload must be durable before our finalize vote leaves.</summary>
    public sealed record Certified(Block Block) : JournalEntry;

    public sealed record Offence(Evidence Evidence) : JournalEntry;

    public byte[] Encode() => this switch
    {
        OwnVote(var vote) => Tagged(1, new Message.Ballot(vote).Encode().AsSpan(1)),
        OwnProposal(var block) => Tagged(2, block.Encode()),
        Accepted(var certificate) => Tagged(3, certificate.Encode()),
        Certified(var block) => Tagged(4, block.Encode()),
        Offence(var evidence) => Tagged(5, evidence.Encode()),
        _ => throw new InvariantException($"{GetType().Name} has an encoding"),
    };

    public static bool TryDecode(ReadOnlySpan<byte> bytes, out JournalEntry entry)
    {
        entry = null!;
        if (bytes.IsEmpty)
        {
            return false;
        }

        var body = bytes[1..];
        switch (bytes[0])
        {
            case 1 when TryDecodeVote(body, out var vote):
                entry = new OwnVote(vote);
                return true;
            case 2 when Block.TryDecode(body, out var block):
                entry = new OwnProposal(block);
                return true;
            case 3 when Certificate.TryDecode(body, out var certificate):
                entry = new Accepted(certificate);
                return true;
            case 4 when Block.TryDecode(body, out var block):
                entry = new Certified(block);
                return true;
            case 5 when Evidence.TryDecode(body, out var evidence):
                entry = new Offence(evidence);
                return true;
            default:
                return false;
        }
    }

    static byte[] Tagged(byte type, ReadOnlySpan<byte> body)
    {
        var writer = new ByteWriter(1 + body.Length);
        writer.U8(type);
        writer.Bytes(body);
        return writer.Finish();
    }

    static bool TryDecodeVote(ReadOnlySpan<byte> bytes, out Vote vote)
    {
        var reader = new ByteReader(bytes);
        return Vote.TryRead(ref reader, out vote) && reader.AtEnd;
    }
}
