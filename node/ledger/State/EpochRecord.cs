using System;

namespace AppChain.Ledger;

/// <summary>Where the chain is in its reward epochs: version:1 ‖ genesisMs:8 ‖ open:8 ‖ minted:8.</summary>
/// <param name="GenesisMs">Unix time in ms at which epoch 0 began.</param>
/// <param name="Open">The epoch that units count in now.</param>
/// <param name="Minted">How many <see cref="MintRewards"/> were applied.</param>
public sealed record EpochRecord(ulong GenesisMs, ulong Open, ulong Minted) : StateRecord
{
    public static EpochRecord Get(ILedgerState state)
    {
        EpochRecord? found = state.Find(StateKey.Epoch, Decode);
        Invariant.Check(found is not null, "The state has no epoch record.");
        return found;
    }

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt64(GenesisMs);
        writer.UInt64(Open);
        writer.UInt64(Minted);
        return writer.ToArray();
    }

    public static EpochRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        EpochRecord record = new(reader.UInt64(), reader.UInt64(), reader.UInt64());
        reader.End();
        return record;
    }
}
