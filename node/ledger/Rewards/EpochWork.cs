using System;
using System.Buffers.Binary;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// The verdicts that a device got in one service in one reward epoch, and what was spent on its work, added up: epoch:8 ‖ accepted:4 ‖ rejected:4 ‖ units:8 ‖
/// chain:32 ‖ usage:8.
/// </summary>
/// <param name="Epoch">The reward epoch.</param>
/// <param name="Accepted">Verdicts that earned units.</param>
/// <param name="Rejected">Verdicts that earned nothing.</param>
/// <param name="Units">Units that they earned.</param>
/// <param name="Chain">
/// The hash chain of them, from 32 zero bytes: <c>TaggedHash("AppChain/verdict", chain ‖ receipt's id ‖ reason:4 ‖ units:8)</c>. Whoever is shown
/// a list of verdicts knows by it that none is missing, added or changed.
/// </param>
public readonly record struct EpochWork(ulong Epoch, uint Accepted, uint Rejected, ulong Units, Hash256 Chain)
{
    private static readonly HashTag VerdictTag = new("AppChain/verdict");

    /// <summary>Tokens that were burned for the credits spent on its work, as far as they count: see <see cref="Demand.Served"/>.</summary>
    public Amount Usage { get; init; }

    /// <summary>True if there is nothing to settle or to tell.</summary>
    public bool IsEmpty => Accepted == 0 && Rejected == 0 && Usage == Amount.Zero;

    /// <summary>The work with one more verdict, which must be final and of its epoch; of another epoch than nothing's it begins anew.</summary>
    /// <param name="receipt">The id of the receipt that says the verdict.</param>
    public EpochWork With(Hash256 receipt, in Verdict verdict)
    {
        EpochWork before = IsEmpty ? default(EpochWork) with { Epoch = verdict.Epoch } : this;
        Invariant.Check(before.Epoch == verdict.Epoch, "A verdict is added to the work of another reward epoch.");
        bool accepted = verdict.Reason == Reason.None;
        return before with
        {
            Accepted = before.Accepted + (accepted ? 1u : 0),
            Rejected = before.Rejected + (accepted ? 0u : 1),
            Units = before.Units + verdict.Units,
            Chain = Link(before.Chain, receipt, verdict),
        };
    }

    /// <summary>The work with more usage, which must be of its epoch; of another epoch than nothing's it begins anew.</summary>
    public EpochWork WithUsage(ulong epoch, Amount usage)
    {
        EpochWork before = IsEmpty ? default(EpochWork) with { Epoch = epoch } : this;
        Invariant.Check(before.Epoch == epoch, "Usage is added to the work of another reward epoch.");
        return before with { Usage = before.Usage + usage };
    }

    internal void Write(RecordWriter writer)
    {
        writer.UInt64(Epoch);
        writer.UInt32(Accepted);
        writer.UInt32(Rejected);
        writer.UInt64(Units);
        writer.Raw(Chain.Bytes);
        writer.Amount(Usage);
    }

    internal static EpochWork Read(ref RecordReader reader) =>
        new(reader.UInt64(), reader.UInt32(), reader.UInt32(), reader.UInt64(), new Hash256(reader.Raw(Hash256.Size))) { Usage = reader.Amount() };

    private static Hash256 Link(Hash256 chain, Hash256 receipt, in Verdict verdict)
    {
        Span<byte> what = stackalloc byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(what, (uint)verdict.Reason);
        BinaryPrimitives.WriteUInt64BigEndian(what[4..], verdict.Units);
        return VerdictTag.Hash(chain.Bytes, receipt.Bytes, what);
    }
}
