using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>One vote as it was counted.</summary>
public readonly record struct Ballot(ulong Proposal, VoteChoice Choice, Amount Weight);

/// <summary>
/// A voter's votes on proposals that were open when it voted last: version:1 ‖ count:1 × (proposal:8 ‖ choice:1 ‖ weight:8), ascending by proposal.
/// </summary>
/// <remarks>One record for each voter, not for each vote: what is over goes with the next vote, so that old votes do not pile up.</remarks>
public sealed record BallotsRecord(ImmutableArray<Ballot> Ballots) : StateRecord
{
    private static readonly BallotsRecord Empty = new([]);

    public static BallotsRecord Get(ILedgerState state, Address voter) =>
        state.Find(StateKey.Ballots(voter), Decode) ?? Empty;

    /// <summary>The vote on this proposal, or null.</summary>
    public Ballot? On(ulong proposal)
    {
        foreach (Ballot ballot in Ballots)
        {
            if (ballot.Proposal == proposal)
                return ballot;
        }
        return null;
    }

    /// <summary>With this vote in place of an earlier one on the same proposal, and without those on proposals that are not open any more.</summary>
    internal BallotsRecord With(Ballot cast, GovernanceRecord governance) => new(
    [
        .. Ballots.Where(ballot => ballot.Proposal != cast.Proposal && governance.IsOpen(ballot.Proposal)).Append(cast).OrderBy(ballot => ballot.Proposal),
    ]);

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt8((byte)Ballots.Length);
        foreach (Ballot ballot in Ballots)
        {
            writer.UInt64(ballot.Proposal);
            writer.UInt8((byte)ballot.Choice);
            writer.Amount(ballot.Weight);
        }
        return writer.ToArray();
    }

    public static BallotsRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        List<Ballot> ballots = [];
        for (int count = reader.UInt8(); count > 0; count--)
            ballots.Add(new Ballot(reader.UInt64(), (VoteChoice)reader.UInt8(), reader.Amount()));
        reader.End();
        return new BallotsRecord([.. ballots]);
    }
}
