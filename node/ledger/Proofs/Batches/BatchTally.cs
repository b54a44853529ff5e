using System;

namespace AppChain.Ledger;

/// <summary>What the opened leaves of a batch have come to under one set of rules: reason:4 ‖ units:8 ‖ length:1 kind state.</summary>
/// <param name="Reason"><see cref="Reason.None"/>: nothing is false so far; else why the batch earns nothing.</param>
/// <param name="Units">What the opened leaves earn.</param>
/// <param name="KindState">What the kind remembers of the device, leaf by leaf.</param>
public sealed record BatchTally(Reason Reason, ulong Units, ReadOnlyMemory<byte> KindState)
{
    /// <summary>Of rules that do not judge.</summary>
    public static BatchTally Nothing { get; } = new(Reason.None, 0, default);

    public bool Equals(BatchTally? other) =>
        other is not null && Reason == other.Reason && Units == other.Units && KindState.Span.SequenceEqual(other.KindState.Span);

    public override int GetHashCode() => HashCode.Combine(Reason, Units);

    internal void Write(RecordWriter writer)
    {
        writer.UInt32((uint)Reason);
        writer.UInt64(Units);
        writer.Short(KindState.Span);
    }

    internal static BatchTally Read(ref RecordReader reader) => new((Reason)reader.UInt32(), reader.UInt64(), reader.Short());
}
