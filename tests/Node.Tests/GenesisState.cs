using AppChain.Ledger;

namespace Node.Tests;

/// <summary>The state that a chain begins with: who its validators are, without a store.</summary>
internal sealed class GenesisState(Genesis genesis) : ILedgerState
{
    private readonly Dictionary<string, byte[]> records = genesis.InitialState().ToDictionary(change => Convert.ToHexString(change.Key.Span), change => change.Value!.Value.ToArray());

    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
    {
        bool found = records.TryGetValue(Convert.ToHexString(key), out byte[]? record);
        value = record;
        return found;
    }
}
