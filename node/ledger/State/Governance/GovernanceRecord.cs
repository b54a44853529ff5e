using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>A proposal that is voted on or waits for its execution.</summary>
/// <param name="Number">Which.</param>
/// <param name="Proposer">Who proposed it.</param>
/// <param name="EndMs">The first moment at which no vote counts any more.</param>
public readonly record struct OpenProposal(ulong Number, Address Proposer, ulong EndMs);

/// <summary>
/// The open proposals: version:1 ‖ next:8 ‖ count:1 × (number:8 ‖ proposer:20 ‖ endMs:8), ascending by number. Absent: nothing was ever proposed.
/// </summary>
/// <param name="Next">The number that the next proposal gets; the first is 1.</param>
/// <param name="Open">At most <see cref="LedgerLimits.OpenProposalsMax"/>, so one record tells everything that is asked of all of them.</param>
public sealed record GovernanceRecord(ulong Next, ImmutableArray<OpenProposal> Open) : StateRecord
{
    private static readonly GovernanceRecord Fresh = new(1, []);

    public static GovernanceRecord Get(ILedgerState state) =>
        state.Find(StateKey.Governance, Decode) ?? Fresh;

    /// <summary>True if the proposal is voted on or waits for its execution.</summary>
    public bool IsOpen(ulong number) => Open.Any(open => open.Number == number);

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt64(Next);
        writer.UInt8((byte)Open.Length);
        foreach (OpenProposal open in Open)
        {
            writer.UInt64(open.Number);
            writer.Address(open.Proposer);
            writer.UInt64(open.EndMs);
        }
        return writer.ToArray();
    }

    public static GovernanceRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        ulong next = reader.UInt64();
        List<OpenProposal> open = [];
        for (int count = reader.UInt8(); count > 0; count--)
            open.Add(new OpenProposal(reader.UInt64(), reader.Address(), reader.UInt64()));
        reader.End();
        return new GovernanceRecord(next, [.. open]);
    }

    internal GovernanceRecord Without(ulong number) => this with { Open = Open.RemoveAll(open => open.Number == number) };
}
