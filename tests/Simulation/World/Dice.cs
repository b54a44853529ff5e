namespace AppChain.Simulation;

/// <summary>All chance of a run comes from here: SplitMix64, a generator that no framework version can change under a recorded
/// seed.</summary>
sealed class Dice(ulong seed)
{
    ulong state = seed;

    public ulong Next()
    {
        state += 0x9E3779B97F4A7C15;
        return Mix.Final(state);
    }

    /// <summary>0 … <paramref name="bound"/> − 1.</summary>
    public int Below(int bound) => (int)(((UInt128)Next() * (ulong)bound) >> 64);

    /// <summary>Both ends included.</summary>
    public long Between(long low, long high) => low + (long)(((UInt128)Next() * ((ulong)(high - low) + 1)) >> 64);

    public bool Chance(int perMille) => perMille > 0 && Below(1000) < perMille;

    /// <summary>The number of heads before the first tail: k or more with a chance of 2^-k. Long tails without floating point.</summary>
    public int Heads() => System.Numerics.BitOperations.LeadingZeroCount(Next() | 1);

    /// <summary>An exponential of mean one, in millionths, by von Neumann's comparisons of uniform numbers: no floating point.</summary>
    public long ExponentialMillionths()
    {
        for (long whole = 0; ; whole++)
        {
            // The length of a falling run is odd with the chance of an exponential within this whole number.
            var (first, last, length) = (Next(), ulong.MaxValue, 0);
            for (var next = first; next < last; next = Next())
            {
                last = next;
                length++;
            }

            if (length % 2 == 1)
            {
                return (whole * 1_000_000) + (long)(((UInt128)first * 1_000_000) >> 64);
            }
        }
    }

    public T Pick<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    public T[] Shuffled<T>(IEnumerable<T> items)
    {
        T[] result = [.. items];
        for (var i = result.Length - 1; i > 0; i--)
        {
            var other = Below(i + 1);
            (result[i], result[other]) = (result[other], result[i]);
        }

        return result;
    }

    /// <summary>An independent generator: what one part of the world draws does not shift what another draws.</summary>
    public Dice Fork() => new(Next());
}

/// <summary>The mixing function of the simulator's generator, signatures and trace hash.</summary>
static class Mix
{
    public static ulong Final(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    public static ulong Fold(ulong sum, ulong value) => Final(sum ^ (value + 0x9E3779B97F4A7C15 + (sum << 6) + (sum >> 2)));

    /// <summary>The first eight bytes of a digest, which is uniform already.</summary>
    public static ulong Short(Digest digest)
    {
        Span<byte> bytes = stackalloc byte[Digest.Size];
        digest.CopyTo(bytes);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }
}
