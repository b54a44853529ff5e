using System;

namespace AppChain.Ledger;

/// <summary>
/// The chain's parameters: version:1 ‖ epochMs:8 ‖ rewardPerEpoch:8 ‖ epochsPerHalving:8 ‖ supplyMax:8 ‖ treasurySharePpm:4 ‖
/// transactionLifetimeMaxMs:8 ‖ validatorEpochBlocks:8.
/// </summary>
/// <param name="EpochMs">Length of a reward epoch.</param>
/// <param name="RewardPerEpoch">What an epoch mints at first.</param>
/// <param name="EpochsPerHalving">After how many epochs that halves.</param>
/// <param name="SupplyMax">Genesis and minted tokens together never exceed it.</param>
/// <param name="TreasurySharePpm">The treasury's share of what an epoch mints, in parts per million.</param>
/// <param name="TransactionLifetimeMaxMs">How far ahead of the block's time a transaction's valid-until may lie.</param>
/// <param name="ValidatorEpochBlocks">Length of an epoch of consensus, in blocks; 0: it never ends.</param>
public sealed record ParametersRecord(
    ulong EpochMs,
    Amount RewardPerEpoch,
    ulong EpochsPerHalving,
    Amount SupplyMax,
    uint TreasurySharePpm,
    ulong TransactionLifetimeMaxMs,
    ulong ValidatorEpochBlocks) : StateRecord
{
    public static ParametersRecord Get(ILedgerState state)
    {
        Invariant.Check(state.TryGet(StateKey.Parameters.Bytes, out ReadOnlyMemory<byte> value), "The state has no parameters.");
        return Decode(value);
    }

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt64(EpochMs);
        writer.Amount(RewardPerEpoch);
        writer.UInt64(EpochsPerHalving);
        writer.Amount(SupplyMax);
        writer.UInt32(TreasurySharePpm);
        writer.UInt64(TransactionLifetimeMaxMs);
        writer.UInt64(ValidatorEpochBlocks);
        return writer.ToArray();
    }

    public static ParametersRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        ParametersRecord record = new(
            reader.UInt64(), reader.Amount(), reader.UInt64(), reader.Amount(), reader.UInt32(), reader.UInt64(), reader.UInt64());
        reader.End();
        return record;
    }
}
