using System;
using System.Collections.Generic;

namespace AppChain.Consensus;

/// <summary>A member of the set.</summary>
/// <param name="PublicKey">32 bytes, x-only.</param>
/// <param name="Power">Voting power, at least 1.</param>
public sealed record Validator(ReadOnlyMemory<byte> PublicKey, ulong Power)
{
    public const int PublicKeyBytes = 32;
}

/// <summary>The ordered validators of one epoch. A validator is known by its index.</summary>
public sealed class ValidatorSet
{
    /// <summary>Bytes of the longest encoding.</summary>
    public const int EncodedBytesMax = 2 + (ConsensusLimits.ValidatorsMax * (Validator.PublicKeyBytes + 8));

    readonly Validator[] validators;

    /// <exception cref="ArgumentException">Empty, too large, a wrong key length, a key twice, no power, or powers that
    /// overflow.</exception>
    public ValidatorSet(IReadOnlyList<Validator> members)
    {
        validators = [.. members];
        if (validators.Length is 0 or > ConsensusLimits.ValidatorsMax)
        {
            throw new ArgumentException($"A set has 1 to {ConsensusLimits.ValidatorsMax} validators.", nameof(members));
        }

        UInt128 total = 0;
        var keys = new HashSet<string>();
        foreach (var validator in validators)
        {
            if (validator.PublicKey.Length != Validator.PublicKeyBytes || validator.Power == 0
                || !keys.Add(Convert.ToHexString(validator.PublicKey.Span)))
            {
                throw new ArgumentException("A validator has a 32-byte key of its own and some power.", nameof(members));
            }

            total += validator.Power;
        }

        if (total > ulong.MaxValue)
        {
            throw new ArgumentException("The total power does not fit 64 bits.", nameof(members));
        }

        TotalPower = (ulong)total;
        Hash = TaggedHash.Validators.Of(Encode());
    }

    public int Count => validators.Length;

    public ulong TotalPower { get; }

    /// <summary>Tagged hash over count, keys and powers in order: what headers carry.</summary>
    public Digest Hash { get; }

    public Validator this[int index] => validators[index];

    /// <summary>True if 3·power &gt; 2·total. Never 2f+1: that is wrong for n ≠ 3f+1 and for unequal powers.</summary>
    public bool IsQuorum(ulong power) => (UInt128)power * 3 > (UInt128)TotalPower * 2;

    /// <summary>What <see cref="Hash"/> is of: count u16 ‖ (key 32 ‖ power u64)….</summary>
    public byte[] Encode()
    {
        var writer = new ByteWriter(2 + (Count * (Validator.PublicKeyBytes + 8)));
        writer.U16((ushort)Count);
        foreach (var validator in validators)
        {
            writer.Bytes(validator.PublicKey.Span);
            writer.U64(validator.Power);
        }

        return writer.Finish();
    }

    /// <summary>The set behind a hash that is believed: bytes that are another set's, or none's, are refused, and so nobody else can choose
    /// them. Never throws.</summary>
    /// <param name="bytes">As <see cref="Encode"/> makes them.</param>
    /// <param name="hash">From a final header.</param>
    /// <param name="validators">Null if refused.</param>
    public static bool TryOpen(ReadOnlySpan<byte> bytes, Digest hash, out ValidatorSet? validators)
    {
        validators = null;
        var reader = new ByteReader(bytes);
        if (bytes.Length > EncodedBytesMax || TaggedHash.Validators.Of(bytes) != hash || !reader.U16(out var count)
            || count is 0 or > ConsensusLimits.ValidatorsMax)
        {
            return false;
        }

        var members = new Validator[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.Take(Validator.PublicKeyBytes, out var key) || !reader.U64(out var power))
            {
                return false;
            }

            members[i] = new Validator(key.ToArray(), power);
        }

        if (!reader.AtEnd)
        {
            return false;
        }

        validators = new ValidatorSet(members);
        return true;
    }
}
