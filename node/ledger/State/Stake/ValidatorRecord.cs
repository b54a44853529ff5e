using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What keeps a validator out of the next set.</summary>
public enum ValidatorStanding : byte
{
    /// <summary>Nothing: with enough stake it gets a seat.</summary>
    Good = 0,

    /// <summary>It missed too many of its turns. <see cref="Unjail"/> ends it.</summary>
    Jailed = 1,

    /// <summary>It contradicted itself, provably. For good.</summary>
    Tombstoned = 2,
}

/// <summary>A validator, in the set or not; known by its operator's address, which outlives its consensus keys.</summary>
/// <remarks>
/// version:1 ‖ consensus key:32 ‖ length:1 moniker ‖ length:1 network address ‖ commission:4 ‖ commissionFrom:8 ‖ keyFrom:8 ‖ stake:8 ‖ shares:8 ‖
/// unbonding:8 ‖ rewards:8 ‖ rewardPerShare:16 ‖ standing:1 ‖ jailedUntilMs:8 ‖ offenceEpoch:8 ‖ slashed:4 ‖ turns:4 ‖ missed:4 ‖ led:8 ‖ absent:8.
/// </remarks>
public sealed record ValidatorRecord : StateRecord
{
    private const int KeySize = 32;

    /// <summary>The secp256k1 key, x only, that votes from the next set on.</summary>
    public required ReadOnlyMemory<byte> ConsensusKey { get; init; }

    /// <summary>Its name for people.</summary>
    public string Moniker { get; init; } = "";

    /// <summary>HOST:PORT of its peer service; empty: the others have it in their configuration.</summary>
    public string NetworkAddress { get; init; } = "";

    /// <summary>The operator's part of its delegators' rewards, in parts per million.</summary>
    public uint CommissionPpm { get; init; }

    /// <summary>The first reward epoch in which the commission may change again.</summary>
    public ulong CommissionFrom { get; init; }

    /// <summary>The first reward epoch in which the consensus key may change again.</summary>
    public ulong KeyFrom { get; init; }

    /// <summary>What is bonded: the operator's own and what was delegated.</summary>
    public Amount Stake { get; init; }

    /// <summary>What <see cref="Stake"/> is divided into. One share is one grain until a slash makes it worth less.</summary>
    public ulong Shares { get; init; }

    /// <summary>What waits to be paid out, and is slashed with the rest until then.</summary>
    public Amount Unbonding { get; init; }

    /// <summary>Rewards of its delegators that are not settled yet.</summary>
    public Amount Rewards { get; init; }

    /// <summary>What one share has earned since the beginning, in grains × 2⁶⁴ (F1: a position's reward is the difference since its last touch).</summary>
    public UInt128 RewardPerShare { get; init; }

    public ValidatorStanding Standing { get; init; }

    /// <summary>Unix time in ms from which it may be unjailed.</summary>
    public ulong JailedUntilMs { get; init; }

    /// <summary>The epoch of consensus in which it contradicted itself, if it is tombstoned.</summary>
    public ulong OffenceEpoch { get; init; }

    /// <summary>What was taken for that, in parts per million.</summary>
    public uint SlashedPpm { get; init; }

    /// <summary>Views that were its turn, in the present window of absence.</summary>
    public uint Turns { get; init; }

    /// <summary>Those of them that went by without a block of its own.</summary>
    public uint Missed { get; init; }

    /// <summary>Blocks that it led since rewards were minted last.</summary>
    public ulong Led { get; init; }

    /// <summary>Turns that it missed since then.</summary>
    public ulong Absent { get; init; }

    /// <summary>True if it may have a seat, stake apart.</summary>
    public bool InGoodStanding => Standing == ValidatorStanding.Good;

    /// <summary>Its weight in votes: whole tokens of stake.</summary>
    public ulong Power => Stake.Grains / Amount.GrainsPerToken;

    /// <summary>What these shares are worth.</summary>
    public Amount WorthOf(ulong shares) => Shares == 0 ? Amount.Zero : Stake.Share(shares, Shares);

    /// <summary>The validator of this operator, or null.</summary>
    public static ValidatorRecord? Find(ILedgerState state, Address validator) =>
        state.Find(StateKey.Validator(validator), Decode);

    internal static ValidatorRecord Get(ILedgerState state, Address validator) =>
        Find(state, validator) ?? throw new LedgerInvariantException("A validator that holds stake is not in the state.");

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Raw(ConsensusKey.Span);
        writer.Text(Moniker);
        writer.Text(NetworkAddress);
        writer.UInt32(CommissionPpm);
        writer.UInt64(CommissionFrom);
        writer.UInt64(KeyFrom);
        writer.Amount(Stake);
        writer.UInt64(Shares);
        writer.Amount(Unbonding);
        writer.Amount(Rewards);
        writer.UInt128(RewardPerShare);
        writer.UInt8((byte)Standing);
        writer.UInt64(JailedUntilMs);
        writer.UInt64(OffenceEpoch);
        writer.UInt32(SlashedPpm);
        writer.UInt32(Turns);
        writer.UInt32(Missed);
        writer.UInt64(Led);
        writer.UInt64(Absent);
        return writer.ToArray();
    }

    public static ValidatorRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        // An initialiser runs in the order in which it is written: the order of the layout.
        ValidatorRecord record = new()
        {
            ConsensusKey = reader.Raw(KeySize),
            Moniker = reader.Text(),
            NetworkAddress = reader.Text(),
            CommissionPpm = reader.UInt32(),
            CommissionFrom = reader.UInt64(),
            KeyFrom = reader.UInt64(),
            Stake = reader.Amount(),
            Shares = reader.UInt64(),
            Unbonding = reader.Amount(),
            Rewards = reader.Amount(),
            RewardPerShare = reader.UInt128(),
            Standing = (ValidatorStanding)reader.UInt8(),
            JailedUntilMs = reader.UInt64(),
            OffenceEpoch = reader.UInt64(),
            SlashedPpm = reader.UInt32(),
            Turns = reader.UInt32(),
            Missed = reader.UInt32(),
            Led = reader.UInt64(),
            Absent = reader.UInt64(),
        };
        reader.End();
        return record;
    }

    public bool Equals(ValidatorRecord? other) => other is not null && Encode().AsSpan().SequenceEqual(other.Encode());

    public override int GetHashCode() => HashCode.Combine(Moniker, Stake, Shares);
}
