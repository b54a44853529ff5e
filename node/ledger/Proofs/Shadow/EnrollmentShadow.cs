using System;

namespace AppChain.Ledger;

/// <summary>
/// What a device does for a service under its candidate rules, part of its enrolment while these run: number:4 ‖ <see cref="EpochWork"/> ‖ length:1 kind state.
/// </summary>
/// <param name="Number">Which candidate: <see cref="ShadowRecord.Number"/>.</param>
/// <param name="Work">Its verdicts of one reward epoch, with a hash chain of their own.</param>
/// <param name="KindState">What the kind remembers of the device under the candidate. It begins as what it remembers under the paid rules.</param>
public sealed record EnrollmentShadow(uint Number, EpochWork Work, ReadOnlyMemory<byte> KindState)
{
    public bool Equals(EnrollmentShadow? other) =>
        other is not null && Number == other.Number && Work == other.Work && KindState.Span.SequenceEqual(other.KindState.Span);

    public override int GetHashCode() => HashCode.Combine(Number, Work);

    internal void Write(RecordWriter writer)
    {
        writer.UInt32(Number);
        Work.Write(writer);
        writer.Short(KindState.Span);
    }

    internal static EnrollmentShadow Read(ref RecordReader reader) => new(reader.UInt32(), EpochWork.Read(ref reader), reader.Short());
}
