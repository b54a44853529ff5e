using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>One proof of useful work. The signer is the device.</summary>
/// <param name="Service">The service that the proof is for.</param>
/// <param name="ObservedMs">Unix time in ms at which the device observed.</param>
/// <param name="Payload">What it observed.</param>
public sealed record SubmitProof(uint Service, ulong ObservedMs, SensorReading Payload) : Message
{
    internal const int Number = 18;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Proofs;

    internal override uint? SponsoredBy(ILedgerState state, Address signer) =>
        DeviceRecord.Find(state, signer)?.In(Service) is { Leaving: false } ? Service : null;

    internal override bool SignedByDevice => true;

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, Service);
        writer.UInt64(2, ObservedMs);
        writer.Element(SensorReading.Number, Payload.Encode());
        return writer.ToArray();
    }

    internal static SubmitProof? Read(ref WireReader reader)
    {
        uint service = reader.UInt32(1);
        ulong observedMs = reader.UInt64(2);
        if (!reader.TryElement(SensorReading.Number, out ReadOnlySpan<byte> bytes))
        {
            reader.Fail(Reason.UnknownPayload);
            bytes = default;
        }
        reader.Fail(SensorReading.TryDecode(bytes, out SensorReading reading));
        return new SubmitProof(service, observedMs, reading);
    }

    // That the device is registered, admission has found already when it looked for its sequence window.
    internal override Reason Admit(ILedgerState state, Address signer) => Reason.None;

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        Address address = transaction.Body.Signer;
        ulong epoch = EpochRecord.Get(session).Open;
        DeviceRecord before = DeviceRecord.Get(session, address);
        if (before.In(Service) is not { Leaving: false } enrollment)
            return new Outcome(Reason.None, new Verdict(Reason.WrongService, 0, epoch)); // no enrolment counts it

        DeviceRecord device = Settlement.Settle(session, address, before, enrollment);
        (Reason reason, Enrollment judged) = Judge(session.Service(Service), device.In(Service)!, context.TimeMs);
        ulong units = reason == Reason.None ? SensorReading.UnitsPerReading : 0;
        if (units > 0)
        {
            judged = judged with { UnitsEpoch = epoch, Units = judged.Units + units, Accepted = judged.Accepted + 1 };
            ServiceWork.Add(session, Service, units);
        }
        else
        {
            judged = judged with { Rejected = judged.Rejected + 1 };
        }
        session.PutDevice(address, before, device.With(judged));
        return new Outcome(Reason.None, new Verdict(reason, units, epoch));
    }

    private (Reason Reason, Enrollment Enrollment) Judge(ServiceRecord service, Enrollment enrollment, ulong nowMs)
    {
        if (service.Kind != ProofKind.SensorTelemetry)
            return (Reason.WrongProofKind, enrollment);
        if (enrollment.NotBeforeMs > 0 && ObservedMs <= enrollment.NotBeforeMs)
            return (Reason.OutOfOrder, enrollment);
        SensorState state = SensorState.Decode(enrollment.KindState);
        (Reason reason, SensorState judged) = SensorRules.Judge(service, state, this, nowMs);
        return (reason, ReferenceEquals(judged, state) ? enrollment : enrollment with { KindState = judged.Encode() });
    }
}
