using System;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>A device's open batch for a service: at most one. It ends when its drawn leaves are opened, or with its deadline.</summary>
/// <remarks>
/// version:1 ‖ proof:32 ‖ sentMs:8 ‖ root:32 ‖ count:4 ‖ firstMs:8 ‖ lastMs:8 ‖ draws:4 ‖ beacon:32 (zeros: not drawn yet) ‖ opened:4 ‖ <see cref="BatchTally"/> ‖
/// candidate:4 (0: none) ‖ its <see cref="BatchTally"/>.
/// </remarks>
public sealed record ProofBatchRecord : StateRecord
{
    /// <summary>The transaction that brought it.</summary>
    public required Hash256 Proof { get; init; }

    /// <summary>Time of the block that took it.</summary>
    public required ulong SentMs { get; init; }

    /// <summary>The Merkle root over its leaves in order of time.</summary>
    public required Hash256 Root { get; init; }

    /// <summary>How many leaves it has.</summary>
    public required uint Count { get; init; }

    /// <summary>When the first one was observed.</summary>
    public required ulong FirstMs { get; init; }

    /// <summary>When the last one was observed.</summary>
    public required ulong LastMs { get; init; }

    /// <summary>How many leaves are drawn: the parameter's value when it came.</summary>
    public required uint Draws { get; init; }

    /// <summary>Of the block that drew; zeros: it is not drawn yet.</summary>
    public Hash256 Beacon { get; init; }

    /// <summary>How many of the drawn leaves are opened.</summary>
    public uint Opened { get; init; }

    /// <summary>What they have come to.</summary>
    public required BatchTally Tally { get; init; }

    /// <summary>The candidate for the service's rules that judges it too; 0: none.</summary>
    public uint Candidate { get; init; }

    /// <summary>What they have come to under the candidate.</summary>
    public BatchTally Shadow { get; init; } = BatchTally.Nothing;

    /// <summary>The open batch, or null.</summary>
    public static ProofBatchRecord? Find(ILedgerState state, uint service, Address device) => state.Find(StateKey.ProofBatch(service, device), Decode);

    /// <summary>The leaves to open, ascending; none while it is not drawn.</summary>
    public ImmutableArray<uint> Drawn() => Beacon == Hash256.Zero ? [] : BatchDraw.Of(Beacon, Proof, Count, Draws);

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Raw(Proof.Bytes);
        writer.UInt64(SentMs);
        writer.Raw(Root.Bytes);
        writer.UInt32(Count);
        writer.UInt64(FirstMs);
        writer.UInt64(LastMs);
        writer.UInt32(Draws);
        writer.Raw(Beacon.Bytes);
        writer.UInt32(Opened);
        Tally.Write(writer);
        writer.UInt32(Candidate);
        Shadow.Write(writer);
        return writer.ToArray();
    }

    public static ProofBatchRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        // An initialiser runs in the order in which it is written: the order of the layout.
        ProofBatchRecord record = new()
        {
            Proof = new Hash256(reader.Raw(Hash256.Size)),
            SentMs = reader.UInt64(),
            Root = new Hash256(reader.Raw(Hash256.Size)),
            Count = reader.UInt32(),
            FirstMs = reader.UInt64(),
            LastMs = reader.UInt64(),
            Draws = reader.UInt32(),
            Beacon = new Hash256(reader.Raw(Hash256.Size)),
            Opened = reader.UInt32(),
            Tally = BatchTally.Read(ref reader),
            Candidate = reader.UInt32(),
            Shadow = BatchTally.Read(ref reader),
        };
        reader.End();
        return record;
    }
}
