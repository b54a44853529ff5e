using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Benchmarks;

/// <summary>
/// Blocks of as many proofs before, at and after the end of a reward epoch in which every device has worked: the one at the end mints, and the devices of that
/// one and of those after it are settled by their proofs.
/// </summary>
internal static class EpochEndBenchmark
{
    public static void Run(ILedgerState state, Genesis genesis, PrivateKey[][] crews, Func<PrivateKey, ulong, Transaction> proof, Report report)
    {
        ulong endMs = genesis.TimeMs + genesis.Parameters.EpochMs;
        ReadOnlyMemory<byte> mint = Executor.MintDue(state, endMs)!.EncodeBody();
        BlockResult empty = Executor.Execute(state, At(endMs), mint, []);
        Overlay after = new(state, empty.Changes);
        (string Name, ILedgerState State, ulong TimeMs, ReadOnlyMemory<byte> Mint, List<Cost> Costs)[] blocks =
        [
            ("before the end", state, endMs - 1_000, default, []),
            ("at the end", state, endMs, mint, []),
            ("after the end", after, endMs + 1_000, default, []),
        ];
        for (int round = 0; round < crews.Length; round++)
        {
            // In turn, so that none of them always finds the caches as another has left them.
            for (int i = 0; i < blocks.Length; i++)
            {
                var block = blocks[(round + i) % blocks.Length];
                Transaction[] transactions = Array.ConvertAll(crews[round], key => proof(key, block.TimeMs));
                BlockResult? result = null;
                block.Costs.Add(Cost.Of(() => result = Executor.Execute(block.State, At(block.TimeMs), block.Mint, transactions)));
                if (result!.Receipts.Any(static receipt => receipt.EffectiveReason != Reason.None))
                    throw new InvalidOperationException($"a proof of the benchmark is refused: {result.Receipts.First(static one => one.EffectiveReason != Reason.None)}");
            }
        }
        foreach (var block in blocks)
            report.PerOperation($"execution {block.Name} of an epoch, per proof", block.Costs, crews[0].Length);

        BlockContext At(ulong timeMs) => new(genesis.ChainId, 1, timeMs);
    }

    private sealed class Overlay(ILedgerState below, IEnumerable<LedgerChange> changes) : ILedgerState
    {
        private readonly Dictionary<StateKey, ReadOnlyMemory<byte>?> changed = changes.ToDictionary(static change => StateKey.From(change.Key.Span), static change => change.Value);

        public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
        {
            if (!changed.TryGetValue(StateKey.From(key), out ReadOnlyMemory<byte>? found))
                return below.TryGet(key, out value);
            value = found ?? default;
            return found is not null;
        }
    }
}
