using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Benchmarks;

/// <summary>
/// Reward epochs one after the other: at each end the block that mints, between five blocks before it and five after it with as many proofs each. Every block
/// has devices of its own, all of which worked in the epoch before: each proof also settles one. So a block at the end differs from its neighbours by the
/// mint alone, and what it takes more is what the end of an epoch costs.
/// </summary>
internal static class EpochEndBenchmark
{
    /// <summary>Blocks on each side of the one that mints.</summary>
    private const int Neighbours = 5;

    /// <summary>Blocks that have devices of their own.</summary>
    public const int Crews = (2 * Neighbours) + 1;

    // The first end finds code that is not compiled for speed yet.
    private const int Epochs = 8;

    /// <param name="proof">A proof of a device, at a time in ms, its number so and so.</param>
    /// <param name="apply">Puts the changes of a block into the state.</param>
    public static void Run(
        ILedgerState state, Genesis genesis, PrivateKey[][] crews, Func<PrivateKey, ulong, ulong, Transaction> proof,
        Action<IEnumerable<LedgerChange>> apply, Report report)
    {
        List<double> ratios = [], byClock = [];
        List<Cost> all = [];
        for (uint epoch = 1; epoch <= Epochs; epoch++)
        {
            ulong endMs = genesis.TimeMs + (epoch * genesis.Parameters.EpochMs);
            List<Cost> neighbours = [];
            Cost atEnd = default;
            for (int i = -Neighbours; i <= Neighbours; i++)
            {
                ulong timeMs = (ulong)((long)endMs + (i * 1_000L));
                Transaction[] transactions = Array.ConvertAll(crews[i + Neighbours], key => proof(key, timeMs, epoch));
                BlockResult? result = null;
                // As the leader does it: it finds out what is to be minted, and the executor once more, to check it.
                Cost cost = Cost.Of(() =>
                {
                    ReadOnlyMemory<byte> mint = Executor.MintDue(state, timeMs) is { } due ? due.EncodeBody() : default(ReadOnlyMemory<byte>);
                    result = Executor.Execute(state, new BlockContext(genesis.ChainId, 1, timeMs), mint, transactions);
                });
                Require(result!, transactions.Length, mints: i == 0, settles: i >= 0 || epoch > 1);
                apply(result!.Changes);
                if (i == 0)
                    atEnd = cost;
                else
                    neighbours.Add(cost);
            }
            if (epoch == 1)
                continue;
            all.AddRange(neighbours);
            ratios.Add(atEnd.Cpu.TotalMicroseconds / Median(neighbours.Select(static cost => cost.Cpu.TotalMicroseconds)));
            byClock.Add(atEnd.Wall.TotalMicroseconds / Median(neighbours.Select(static cost => cost.Wall.TotalMicroseconds)));
        }
        string range = FormattableString.Invariant($"{Median(ratios),9:0.000}, from {ratios.Min():0.000} to {ratios.Max():0.000} at {ratios.Count} ends");
        Report.Line("block at an epoch's end over its neighbours", range + FormattableString.Invariant($"; by the clock {Median(byClock):0.000}"));
        report.PerOperation("  a neighbour, per proof", all, crews[0].Length);
    }

    private static void Require(BlockResult result, int proofs, bool mints, bool settles)
    {
        if (result.Receipts.Length != proofs + (mints ? 1 : 0))
            throw new InvalidOperationException($"{result.Receipts.Length} receipts of {proofs} proofs: {(mints ? "nothing" : "something")} was minted");
        foreach (Receipt receipt in result.Receipts.Where(static receipt => receipt.Verdict is not null))
        {
            if (receipt.EffectiveReason != Reason.None || (settles && receipt.Statements.IsEmpty))
                throw new InvalidOperationException($"a proof of the benchmark is refused or settles nothing: {receipt.EffectiveReason}");
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
