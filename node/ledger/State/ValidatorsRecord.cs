using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace AppChain.Ledger;

/// <summary>A member of a validator set.</summary>
/// <param name="PublicKey">secp256k1, 32 bytes, x only.</param>
/// <param name="Power">Its weight in votes, at least 1.</param>
public sealed record ValidatorSeat(ReadOnlyMemory<byte> PublicKey, ulong Power);

/// <summary>A set of validators, in the order that is their index: version:1 ‖ count:4 × (publicKey:32 ‖ power:8).</summary>
public sealed record ValidatorsRecord(ImmutableArray<ValidatorSeat> Seats) : StateRecord
{
    private const int KeySize = 32;

    /// <summary>The set whose votes count in this state's epoch of consensus.</summary>
    public static ValidatorsRecord Get(ILedgerState state) =>
        state.Find(StateKey.Validators, Decode) ?? throw new LedgerInvariantException("The state has no validators.");

    /// <summary>The set that the next epoch of consensus starts with, if it is to be another one; else null.</summary>
    public static ValidatorsRecord? FindNext(ILedgerState state) =>
        state.Find(StateKey.NextValidators, Decode);

    public bool Equals(ValidatorsRecord? other) => other is not null && Encode().AsSpan().SequenceEqual(other.Encode());

    public override int GetHashCode() => Seats.Length;

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt32((uint)Seats.Length);
        foreach (ValidatorSeat seat in Seats)
        {
            writer.Raw(seat.PublicKey.Span);
            writer.UInt64(seat.Power);
        }
        return writer.ToArray();
    }

    public static ValidatorsRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        uint count = reader.UInt32();
        Invariant.Check(count is > 0 and <= LedgerLimits.ValidatorsMax, "A set of validators is empty or longer than its limit.");
        ValidatorSeat[] seats = new ValidatorSeat[count];
        for (int i = 0; i < seats.Length; i++)
            seats[i] = new ValidatorSeat(reader.Raw(KeySize), reader.UInt64());
        reader.End();
        return new ValidatorsRecord([.. seats]);
    }
}
