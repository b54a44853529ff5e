using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>An open dispute about a subject.</summary>
public readonly record struct OpenDispute(ulong Number, Address Accuser);

/// <summary>
/// Who or what is accused at present, and what is held back meanwhile: version:1 ‖ held:8 ‖ count:1 × (dispute:8 ‖ accuser:20), ascending.
/// The record ends with the last open dispute.
/// </summary>
/// <param name="Held">Rewards of an accused device that its owner would have been paid.</param>
/// <param name="Open">At least one, at most <see cref="LedgerLimits.DisputesPerSubjectMax"/>.</param>
public sealed record AccusedRecord(Amount Held, ImmutableArray<OpenDispute> Open) : StateRecord
{
    internal static AccusedRecord Fresh { get; } = new(Amount.Zero, []);

    /// <summary>The record, or null if no dispute about the subject is open.</summary>
    public static AccusedRecord? Find(ILedgerState state, Subject subject) =>
        state.Find(StateKey.Accused(subject), Decode);

    /// <summary>True if this account has an open dispute about the subject.</summary>
    public bool IsAccusedBy(Address accuser) => Open.Any(open => open.Accuser == accuser);

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Amount(Held);
        writer.UInt8((byte)Open.Length);
        foreach (OpenDispute open in Open)
        {
            writer.UInt64(open.Number);
            writer.Address(open.Accuser);
        }
        return writer.ToArray();
    }

    public static AccusedRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        Amount held = reader.Amount();
        List<OpenDispute> open = [];
        for (int count = reader.UInt8(); count > 0; count--)
            open.Add(new OpenDispute(reader.UInt64(), reader.Address()));
        reader.End();
        return new AccusedRecord(held, [.. open]);
    }
}
