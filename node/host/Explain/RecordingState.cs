using AppChain.Ledger;
using AppChain.Protos.V1;
using AppChain.Storage;
using Google.Protobuf;

namespace AppChain.Node.Explain;

/// <summary>A state that notes what is asked of it: the records that prove the answer of a query are those that the query has read.</summary>
internal sealed class RecordingState(StateView view) : ILedgerState
{
    private readonly SortedDictionary<StateKey, ReadOnlyMemory<byte>?> read = [];

    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
    {
        bool found = view.TryGet(key, out value);
        // No conditional expression: its null would become an empty value, where none is meant.
        if (found)
            read[StateKey.From(key)] = value;
        else
            read[StateKey.From(key)] = null;
        return found;
    }

    /// <summary>Each record that was read, or that was found missing, with its proof.</summary>
    public IEnumerable<ProvenRecord> Evidence()
    {
        foreach ((StateKey key, ReadOnlyMemory<byte>? value) in read)
        {
            yield return new ProvenRecord
            {
                Key = ByteString.CopyFrom(key.Bytes),
                Value = value is { } present ? UnsafeByteOperations.UnsafeWrap(present) : ByteString.Empty,
                Proof = UnsafeByteOperations.UnsafeWrap(view.Prove(key.Bytes).Encode()),
            };
        }
    }
}
