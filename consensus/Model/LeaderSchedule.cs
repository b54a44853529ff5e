using System;
using System.Numerics;

namespace AppChain.Consensus;

/// <summary>
/// Who leads which view of an epoch: a smooth weighted round robin over an order shuffled by seed and epoch. In each cycle everyone leads
/// in proportion to power, and the turns of one validator are spread as evenly as can be: a dead one of small power never costs two
/// views in a row, as independent draws would. The seed becomes the previous epoch's beacon when there is one.
/// </summary>
public sealed class LeaderSchedule
{
    readonly ushort[] turns;

    public LeaderSchedule(ValidatorSet validators, Epoch epoch, Digest seed) =>
        turns = Turns(Weights(validators), Shuffled(validators, epoch, seed));

    /// <summary>Index of the leader. The schedule repeats after at most <see cref="ConsensusLimits.LeaderTurnsMax"/> + n views.</summary>
    public ushort LeaderOf(View view) => turns[view.Value % (ulong)turns.Length];

    /// <summary>Turns per cycle for each validator: the powers divided by their common divisor, scaled down if that is still
    /// long.</summary>
    static long[] Weights(ValidatorSet validators)
    {
        var divisor = BigInteger.Zero;
        for (var i = 0; i < validators.Count; i++)
        {
            divisor = BigInteger.GreatestCommonDivisor(divisor, validators[i].Power);
        }

        var total = validators.TotalPower / (ulong)divisor;
        var weights = new long[validators.Count];
        for (var i = 0; i < weights.Length; i++)
        {
            var weight = validators[i].Power / (ulong)divisor;
            var scaled = total <= ConsensusLimits.LeaderTurnsMax ? weight : (UInt128)weight * ConsensusLimits.LeaderTurnsMax / total;
            weights[i] = long.Max(1, (long)scaled);
        }

        return weights;
    }

    static ushort[] Shuffled(ValidatorSet validators, Epoch epoch, Digest seed)
    {
        var order = new ushort[validators.Count];
        var ranks = new string[validators.Count];
        for (ushort i = 0; i < order.Length; i++)
        {
            var writer = new ByteWriter(Digest.Size + 8 + 2);
            writer.Digest(seed);
            writer.U64(epoch.Value);
            writer.U16(i);
            order[i] = i;
            ranks[i] = TaggedHash.Leader.Of(writer.Finish()).ToString();
        }

        Array.Sort(ranks, order, StringComparer.Ordinal);
        return order;
    }

    // Each turn everyone gains its weight; the richest leads and pays the total.
    static ushort[] Turns(long[] weights, ushort[] order)
    {
        long total = 0;
        foreach (var weight in weights)
        {
            total += weight;
        }

        var credit = new long[weights.Length];
        var turns = new ushort[total];
        for (var turn = 0; turn < turns.Length; turn++)
        {
            var leader = order[0];
            foreach (var candidate in order)
            {
                credit[candidate] += weights[candidate];
                if (credit[candidate] > credit[leader])
                {
                    leader = candidate;
                }
            }

            credit[leader] -= total;
            turns[turn] = leader;
        }

        return turns;
    }
}
