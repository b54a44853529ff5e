namespace AppChain.Ledger;

/// <summary>Payload of kind energy: a source commits to what it will make in the interval of a grid event of its feeder.</summary>
/// <param name="FromSeconds">The interval's start, Unix time in seconds; it must not have begun.</param>
/// <param name="Wh">How much; it is paid for what it makes, at most this.</param>
public sealed record GridCommitment(ulong FromSeconds, ulong Wh) : ProofPayload
{
    internal const int Number = 21;

    /// <inheritdoc/>
    public override ProofKind Kind => ProofKind.Energy;

    internal override int Field => Number;

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, FromSeconds);
        writer.UInt64(2, Wh);
        return writer.ToArray();
    }

    internal static GridCommitment Read(ref WireReader reader) => new(reader.UInt64(1), reader.UInt64(2));
}
