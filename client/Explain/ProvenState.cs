using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Protos.V1;

namespace AppChain.Client.Explain;

/// <summary>
/// The part of a state that a node has sent with proofs. The ledger's own queries can be asked of it; what a query wants to know beyond the proofs is
/// noted, and makes its answer worthless.
/// </summary>
internal sealed class ProvenState : ILedgerState
{
    private readonly Dictionary<StateKey, ReadOnlyMemory<byte>?> proven = [];

    private ProvenState()
    {
    }

    /// <summary>True if everything that was asked for was proven.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>Checks every record; null if one does not hold under the root.</summary>
    public static ProvenState? TryOpen(Hash256 root, IEnumerable<ProvenRecord> records)
    {
        ProvenState state = new();
        foreach (ProvenRecord record in records)
        {
            ReadOnlySpan<byte> key = record.Key.Span;
            if (key.Length is 0 or > StateKey.SizeMax || !StateProof.TryDecode(record.Proof.Span, out StateProof? proof))
                return null;
            bool holds = record.Value.IsEmpty ? proof.VerifyAbsent(root, key) : proof.VerifyPresent(root, key, record.Value.Span);
            if (!holds)
                return null;
            // No conditional expression: its null would become an empty value, where none is meant.
            if (record.Value.IsEmpty)
                state.proven[StateKey.From(key)] = null;
            else
                state.proven[StateKey.From(key)] = record.Value.Memory;
        }
        return state;
    }

    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
    {
        if (!proven.TryGetValue(StateKey.From(key), out ReadOnlyMemory<byte>? found))
            IsComplete = false;
        value = found ?? default;
        return found is not null;
    }
}
