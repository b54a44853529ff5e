using System;

namespace AppChain.Ledger;

/// <summary>
/// What was burned for credits and minted again for it: version:1 ‖ smoothed:8 ‖ burned:8 ‖ reminted:8 ‖ day:8 ‖ allowed:8 ‖ minted:8. Absent: nothing.
/// </summary>
/// <param name="Smoothed">The smoothed burn of an epoch, as of the last mint.</param>
/// <param name="Burned">Tokens burned for credits since the last mint.</param>
/// <param name="Reminted">All that was ever minted in the place of burned tokens: the supply's cap does not count it.</param>
/// <param name="Day">The day, of 24 hours since 1970, that the next two count in.</param>
/// <param name="Allowed">What schedule and smoothed burn allowed to mint in it.</param>
/// <param name="Minted">What was minted in it.</param>
public sealed record EmissionRecord(Amount Smoothed, Amount Burned, Amount Reminted, ulong Day, Amount Allowed, Amount Minted) : StateRecord
{
    // The smoothed burn is six parts of the one before and one part of the epoch's.
    private const ulong SmoothingEpochs = 7;

    private static readonly EmissionRecord Nothing = new(default, default, default, 0, default, default);

    /// <summary>The record; before the first burn or mint there is nothing in it.</summary>
    public static EmissionRecord Get(ILedgerState state) => state.Find(StateKey.Emission, Decode) ?? Nothing;

    /// <summary><c>(6 × smoothed + burned) / 7</c>: over all epochs it never adds up to more than was burned.</summary>
    public Amount NextSmoothed => Smoothing.Next(Smoothed, Burned, SmoothingEpochs);

    internal static void AddBurned(LedgerSession session, Amount burned)
    {
        EmissionRecord emission = Get(session);
        session.Put(StateKey.Emission, emission with { Burned = emission.Burned + burned });
    }

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Amount(Smoothed);
        writer.Amount(Burned);
        writer.Amount(Reminted);
        writer.UInt64(Day);
        writer.Amount(Allowed);
        writer.Amount(Minted);
        return writer.ToArray();
    }

    public static EmissionRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        EmissionRecord record = new(reader.Amount(), reader.Amount(), reader.Amount(), reader.UInt64(), reader.Amount(), reader.Amount());
        reader.End();
        return record;
    }
}
