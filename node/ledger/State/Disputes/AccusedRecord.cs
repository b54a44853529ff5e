using System;

namespace AppChain.Ledger;

/// <summary>
/// Who or what is accused at present, and what is held back meanwhile: version:1 ‖ held:8 ‖ open:8 ‖ last:8. The record ends with the last open
/// dispute. However many there are, it stays as small: a limit would let those who are accused fill it themselves, and keep real accusers out.
/// </summary>
/// <param name="Held">Rewards of an accused device that its owner would have been paid.</param>
/// <param name="Open">How many disputes about it are open, at least one.</param>
/// <param name="Last">The number of the dispute that was opened last; each names the one before it.</param>
public sealed record AccusedRecord(Amount Held, ulong Open, ulong Last) : StateRecord
{
    internal static AccusedRecord Fresh { get; } = new(Amount.Zero, 0, 0);

    /// <summary>The record, or null if no dispute about the subject is open.</summary>
    public static AccusedRecord? Find(ILedgerState state, Subject subject) =>
        state.Find(StateKey.Accused(subject), Decode);

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Amount(Held);
        writer.UInt64(Open);
        writer.UInt64(Last);
        return writer.ToArray();
    }

    public static AccusedRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        AccusedRecord record = new(reader.Amount(), reader.UInt64(), reader.UInt64());
        reader.End();
        return record;
    }
}
