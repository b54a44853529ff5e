using System.Diagnostics.CodeAnalysis;
using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Protos.V1;

namespace AppChain.Client.Explain;

/// <summary>A record of the state as a header proves it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">As the ledger encodes it; null: the state has none.</param>
/// <param name="ProvenBy">The header whose state root it is under: the state after the block before.</param>
public sealed record VerifiedRecord(StateKey Key, ReadOnlyMemory<byte>? Value, Header ProvenBy)
{
    /// <summary>Checks an answer to <see cref="NodeClient.ProveRecordAsync"/>.</summary>
    /// <param name="isTrusted">Whether a header is one that the chain has finalised.</param>
    /// <returns>False if it does not prove just this record.</returns>
    public static bool TryVerify(StateEvidence answer, StateKey key, Func<Header, bool> isTrusted, [NotNullWhen(true)] out VerifiedRecord? record)
    {
        record = null;
        if (!Header.TryDecode(answer.Header.Span, out Header header) || !isTrusted(header)
            || ProvenState.TryOpen(new Hash256(header.StateRoot.ToArray()), answer.Records) is not { } state)
            return false;
        bool isThere = state.TryGet(key.Bytes, out ReadOnlyMemory<byte> value);
        if (state.IsComplete)
            // The cast says which null is meant: the other one would be an empty value.
            record = new VerifiedRecord(key, isThere ? value : (ReadOnlyMemory<byte>?)null, header);
        return state.IsComplete;
    }
}
