using System;

namespace AppChain.Ledger;

/// <summary>
/// Data transfer: a device carries somebody's data, and both sign how much. The vouchers of channels are the proofs (<see cref="Channels"/>), so there is no
/// payload of this kind: what a voucher pays is what was carried (<see cref="TransferWork"/>). docs/bandwidth.md says why that is enough.
/// </summary>
internal sealed class TransferRules : IProofRules
{
    public ProofKind Kind => ProofKind.DataTransfer;

    public string Name => "data-transfer";

    public uint VersionMax => 1;

    public bool WantsEntropy => false;

    public Reason OtherPayload => Reason.ProvenByVouchers;

    // What a service charges is in its definition: its price is for a unit of its own choosing, and payer and device agree what they sign for.
    public byte[] ReadParameters(JsonNodeReader service) => [];

    public bool Allow(ServiceDefinition service) => service.Metrics.IsEmpty && service.KindParameters.IsEmpty;

    public ulong LastObservedMs(ReadOnlyMemory<byte> kindState) => 0;

    public Judgement Judge(in ProofCase proof) => throw new LedgerInvariantException("There is no payload of kind data transfer.");
}
