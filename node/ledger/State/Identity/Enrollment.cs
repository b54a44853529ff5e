using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What a device does for one service: kept inside the device's record, so that a proof touches one record.</summary>
/// <remarks>
/// service:4 ‖ notBeforeMs:8 ‖ flags:1 ‖ bond:8 ‖ accepted:8 ‖ rejected:8 ‖ <see cref="EpochWork"/> ‖ settled:8 ‖ sponsoredEpoch:8 ‖
/// sponsored:8 ‖ length:1 kind state ‖ by the flags (1: leaving) 2: <see cref="EnrollmentShadow"/>, 4: distrust:1. Who has neither has no byte for it.
/// </remarks>
public sealed record Enrollment
{
    private const byte LeavingFlag = 1;
    private const byte ShadowFlag = 2;
    private const byte DistrustFlag = 4;

    public required uint Service { get; init; }

    /// <summary>
    /// Observations up to this moment do not count: the time at which a registered device enrolled, so that leaving and coming back pays
    /// nothing twice. 0 for the service that a device was registered with.
    /// </summary>
    public ulong NotBeforeMs { get; init; }

    /// <summary>It was withdrawn: it earns no more, and ends when its delay is over.</summary>
    public bool Leaving { get; init; }

    /// <summary>What its owner has pledged for it; returned when the enrolment ends.</summary>
    public Amount Bond { get; init; }

    /// <summary>Proofs that earned units.</summary>
    public ulong Accepted { get; init; }

    /// <summary>Proofs that were judged to earn nothing.</summary>
    public ulong Rejected { get; init; }

    /// <summary>Its verdicts of one reward epoch that are not settled yet: of the open one, or of the last one in which it had any.</summary>
    public EpochWork Work { get; init; }

    /// <summary>The reward epoch that <see cref="Units"/> were earned in.</summary>
    public ulong UnitsEpoch => Work.Epoch;

    /// <summary>Units that are not settled yet.</summary>
    public ulong Units => Work.Units;

    /// <summary>What it has earned here and was paid out.</summary>
    public Amount Settled { get; init; }

    /// <summary>The reward epoch that <see cref="Sponsored"/> counts in.</summary>
    public ulong SponsoredEpoch { get; init; }

    /// <summary>Fees that the service's sponsor paid for the device in that epoch.</summary>
    public Credits Sponsored { get; init; }

    /// <summary>What the service's kind of proof must remember of the device: <see cref="SensorState"/> for sensors. At most 255 bytes.</summary>
    public ReadOnlyMemory<byte> KindState { get; init; }

    /// <summary>What it does under the service's candidate rules; null: there are none, or it has sent no proof under them.</summary>
    public EnrollmentShadow? Shadow { get; init; }

    /// <summary>Batches of proofs that it has lost and not made good: each halves what its next one counts. At most <see cref="LedgerLimits.BatchDistrustMax"/>.</summary>
    public byte BatchDistrust { get; init; }

    public bool Equals(Enrollment? other) =>
        other is not null && Service == other.Service && NotBeforeMs == other.NotBeforeMs && Leaving == other.Leaving && Bond == other.Bond
        && Accepted == other.Accepted && Rejected == other.Rejected && Work == other.Work
        && Settled == other.Settled && SponsoredEpoch == other.SponsoredEpoch && Sponsored == other.Sponsored
        && KindState.Span.SequenceEqual(other.KindState.Span) && Shadow == other.Shadow && BatchDistrust == other.BatchDistrust;

    public override int GetHashCode() => HashCode.Combine(Service, Accepted, Rejected, Units);

    internal void Write(RecordWriter writer)
    {
        writer.UInt32(Service);
        writer.UInt64(NotBeforeMs);
        writer.UInt8((byte)((Leaving ? LeavingFlag : 0) | (Shadow is null ? 0 : ShadowFlag) | (BatchDistrust == 0 ? 0 : DistrustFlag)));
        writer.Amount(Bond);
        writer.UInt64(Accepted);
        writer.UInt64(Rejected);
        Work.Write(writer);
        writer.Amount(Settled);
        writer.UInt64(SponsoredEpoch);
        writer.Credits(Sponsored);
        writer.Short(KindState.Span);
        Shadow?.Write(writer);
        if (BatchDistrust > 0)
            writer.UInt8(BatchDistrust);
    }

    // An initialiser runs in the order in which it is written: the order of the layout.
    internal static Enrollment Read(ref RecordReader reader) => new()
    {
        Service = reader.UInt32(),
        NotBeforeMs = reader.UInt64(),
        Leaving = ReadFlags(ref reader, out byte flags),
        Bond = reader.Amount(),
        Accepted = reader.UInt64(),
        Rejected = reader.UInt64(),
        Work = EpochWork.Read(ref reader),
        Settled = reader.Amount(),
        SponsoredEpoch = reader.UInt64(),
        Sponsored = reader.Credits(),
        KindState = reader.Short(),
        Shadow = (flags & ShadowFlag) != 0 ? EnrollmentShadow.Read(ref reader) : null,
        BatchDistrust = (flags & DistrustFlag) != 0 ? reader.UInt8() : (byte)0,
    };

    private static bool ReadFlags(ref RecordReader reader, out byte flags)
    {
        flags = reader.UInt8();
        Invariant.Check(flags < 2 * DistrustFlag, "An enrolment has flags that this version does not know.");
        return (flags & LeavingFlag) != 0;
    }
}
