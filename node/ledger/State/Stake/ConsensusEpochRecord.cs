using System;

namespace AppChain.Ledger;

/// <summary>Which epoch of consensus the chain is in, and since which one evidence is still taken: version:1 ‖ number:8 ‖ evidenceFrom:8.</summary>
/// <param name="Number">As in the headers.</param>
/// <param name="EvidenceFrom">Offences of earlier epochs are too old: the stake that answered for them may be paid out by now.</param>
public sealed record ConsensusEpochRecord(ulong Number, ulong EvidenceFrom) : StateRecord
{
    public static ConsensusEpochRecord Get(ILedgerState state) =>
        state.Find(StateKey.ConsensusEpoch, Decode) ?? throw new LedgerInvariantException("The state has no epoch of consensus.");

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt64(Number);
        writer.UInt64(EvidenceFrom);
        return writer.ToArray();
    }

    public static ConsensusEpochRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        ConsensusEpochRecord record = new(reader.UInt64(), reader.UInt64());
        reader.End();
        return record;
    }
}
