using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>One proof of useful work. The signer is the device. <see cref="ProofFrame"/> says what becomes of it.</summary>
/// <param name="Service">The service that the proof is for.</param>
/// <param name="ObservedMs">Unix time in ms at which the device observed.</param>
/// <param name="Payload">What it observed.</param>
public sealed record SubmitProof(uint Service, ulong ObservedMs, ProofPayload Payload) : Message
{
    internal const int Number = 18;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Proofs;

    internal override uint? SponsoredBy(ILedgerState state, Address signer) => SponsorOf(state, signer, Service);

    /// <summary>Whose pool pays for what a device sends to a service: the service's own, if the device works for it.</summary>
    internal static uint? SponsorOf(ILedgerState state, Address signer, uint service) =>
        DeviceRecord.Find(state, signer)?.In(service) is { Leaving: false } ? service : null;

    internal override bool SignedByDevice => true;

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, Service);
        writer.UInt64(2, ObservedMs);
        writer.Element(Payload.Field, Payload.Encode());
        return writer.ToArray();
    }

    // A payload that cannot be read has failed the reader: the message is refused whatever stands in its place.
    internal static SubmitProof Read(ref WireReader reader) =>
        new(reader.UInt32(1), reader.UInt64(2), ProofPayload.ReadFrom(ref reader) ?? new SensorReading());

    // That the device is registered, admission has found already when it looked for its sequence window.
    internal override Reason Admit(ILedgerState state, Address signer) => Reason.None;

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context) =>
        new(Reason.None, ProofFrame.Submit(session, context, transaction.Id, transaction.Body.Signer, this));
}
