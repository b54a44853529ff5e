using System;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// What the frame asks of a kind of proof. The frame (<see cref="ProofFrame"/>) knows enrolments, epochs, units and receipts; a kind knows only
/// what makes one proof of it good. Rules are pure and keep nothing: what they must remember of a device is in its enrolment.
/// </summary>
internal interface IProofRules
{
    ProofKind Kind { get; }

    /// <summary>The kind in genesis files and tools: <c>sensor-telemetry</c>.</summary>
    string Name { get; }

    /// <summary>The newest version of the rules; the first is 1.</summary>
    uint VersionMax { get; }

    /// <summary>True if its proofs refer to entropy: then the chain keeps some (<see cref="EntropyRecord"/>).</summary>
    bool WantsEntropy { get; }

    /// <summary>Why a payload of another kind is refused.</summary>
    Reason OtherPayload => Reason.WrongProofKind;

    /// <summary>A service's <see cref="ServiceDefinition.KindParameters"/> from the members that a genesis file has for the kind; empty: it has none.</summary>
    byte[] ReadParameters(JsonNodeReader service);

    /// <summary>True if a service's definition says what the kind wants to know, within its bounds, and nothing that it does not use.</summary>
    bool Allow(ServiceDefinition service);

    /// <summary>
    /// The immediate checks, in order; the first that fails is the verdict. Kinds that need what other devices say answer
    /// <see cref="Reason.AwaitsGroup"/> and conclude the proof later (<see cref="IGroupRules"/>).
    /// </summary>
    Judgement Judge(in ProofCase proof);

    /// <summary>
    /// The records that its rules keep for groups, which a candidate for a service's rules keeps apart. Null: it takes no candidates, as what its rules do is
    /// not theirs alone. docs/rules.md.
    /// </summary>
    ImmutableArray<StateKind>? OwnRecords => null;

    /// <summary>The moment of the device's last observation that was judged, for whoever asks after it; 0: none.</summary>
    ulong LastObservedMs(ReadOnlyMemory<byte> kindState);
}

/// <summary>A kind whose proofs are judged together with those of other devices, when the window for these has closed.</summary>
internal interface IGroupRules : IProofRules
{
    /// <summary>Judges a group whose window has closed, and concludes each of its proofs by <see cref="ProofFrame.Conclude"/>. Bounded work.</summary>
    /// <param name="service">The group's service.</param>
    /// <param name="subject">The device that the group is named by.</param>
    void Evaluate(LedgerSession session, BlockContext context, ServiceRecord service, Address subject);
}

/// <summary>A proof before its judge. The frame has found the enrolment, and the payload is of the service's kind.</summary>
/// <param name="Session">The state; a kind with groups keeps its groups there. It must leave this device's own record alone.</param>
/// <param name="Context">The block.</param>
/// <param name="Id">The proof's transaction.</param>
/// <param name="Service">The service, by whose definition it is judged.</param>
/// <param name="Address">The device.</param>
/// <param name="Device">Its record.</param>
/// <param name="KindState">What the kind remembers of the device.</param>
/// <param name="ObservedMs">When the device observed, by its own clock.</param>
/// <param name="Payload">What it observed.</param>
internal readonly record struct ProofCase(
    LedgerSession Session,
    BlockContext Context,
    Hash256 Id,
    ServiceRecord Service,
    Address Address,
    DeviceRecord Device,
    ReadOnlyMemory<byte> KindState,
    ulong ObservedMs,
    ProofPayload Payload)
{
    /// <summary>The block's time.</summary>
    public ulong NowMs => Context.TimeMs;
}

/// <summary>What a judge says of a proof.</summary>
/// <param name="Reason"><see cref="Reason.None"/>: accepted. <see cref="Reason.AwaitsGroup"/>: provisional. Else why it earns nothing.</param>
/// <param name="Units">What it earns; 0 unless it is accepted.</param>
/// <param name="KindState">What the kind remembers of the device from now on.</param>
internal readonly record struct Judgement(Reason Reason, ulong Units, ReadOnlyMemory<byte> KindState);
