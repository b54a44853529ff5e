using System;

namespace AppChain.Ledger;

/// <summary>A state that can be read: the host's over storage, a block's session over its parent, a test's over a dictionary.</summary>
public interface ILedgerState
{
    /// <summary>The value of a key of <see cref="StateKey"/>'s layout, or false. The value must not change afterwards.</summary>
    bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value);
}

/// <summary>Records by their keys.</summary>
internal static class LedgerStateRecords
{
    /// <summary>The record of a key, or null. A block's session decodes each once; any other state every time that it is asked.</summary>
    public static T? Find<T>(this ILedgerState state, in StateKey key, Func<ReadOnlyMemory<byte>, T> decode)
        where T : StateRecord
    {
        if (state is LedgerSession session)
            return session.Find(key, decode);
        return state.TryGet(key.Bytes, out ReadOnlyMemory<byte> value) ? decode(value) : null;
    }
}

/// <summary>One change of the state. A null value deletes the key, which the state before has.</summary>
public readonly record struct LedgerChange(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte>? Value);
