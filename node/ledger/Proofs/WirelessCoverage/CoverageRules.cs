using System;
using System.Buffers.Binary;
using System.Collections.Immutable;
using AppChain.Crypto;
using AppChain.Ledger.Location;

namespace AppChain.Ledger;

/// <summary>
/// Wireless coverage: a device that entropy draws sends a beacon by radio and says so; others that hear it say so; then it tells what was in it. Together
/// these show where there is coverage. docs/coverage.md has the protocol; here are the immediate checks, each with its reason, in order.
/// </summary>
/// <remarks>A device is remembered by the time of its last beacon, <see cref="Enrollment.KindState"/> = sentMs:8; empty: it has sent none.</remarks>
internal sealed class CoverageRules : IGroupRules
{
    public ProofKind Kind => ProofKind.WirelessCoverage;

    public string Name => "wireless-coverage";

    public uint VersionMax => 1;

    public bool Allow(ServiceDefinition service) => service.Metrics.IsEmpty && CoverageTerms.TryDecode(service.KindParameters) is not null;

    public ulong LastObservedMs(ReadOnlyMemory<byte> kindState) => kindState.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64BigEndian(kindState.Span);

    public byte[] ReadParameters(JsonNodeReader service) => CoverageTerms.Read(service.Object("coverage")).Encode();

    public bool WantsEntropy => true;

    public ImmutableArray<StateKind>? OwnRecords => [StateKind.CoverageGroup];

    public Judgement Judge(in ProofCase proof) => proof.Payload switch
    {
        RadioBeacon beacon => JudgeBeacon(proof, beacon),
        RadioWitness witness => new Judgement(JudgeWitness(proof, witness), 0, proof.KindState),
        RadioReveal reveal => new Judgement(JudgeReveal(proof, reveal), 0, proof.KindState),
        _ => throw new LedgerInvariantException("A payload of wireless coverage is none of the kind's."),
    };

    public void Evaluate(LedgerSession session, BlockContext context, ServiceRecord service, Address subject) =>
        CoverageEvaluation.Run(session, service, subject);

    private static Judgement JudgeBeacon(in ProofCase proof, RadioBeacon beacon)
    {
        (Reason reason, EntropySlot entropy) = CheckBeacon(proof, beacon);
        if (reason != Reason.None)
            return new Judgement(reason, 0, proof.KindState);
        proof.Session.Put(StateKey.CoverageGroup(proof.Service.Id, proof.Address), new CoverageGroup
        {
            Proof = proof.Id,
            SentMs = proof.NowMs,
            Entropy = entropy,
            Owner = proof.Device.Owner,
            Place = PlaceOf(proof.Device),
            FrequencyHz = beacon.FrequencyHz,
            Commitment = beacon.Commitment,
        });
        ParametersRecord parameters = proof.Session.Parameters;
        ulong closes = proof.NowMs + parameters[Parameter.CoverageArrivalMs] + parameters[Parameter.CoverageRevealMs];
        ProofGroups.Enqueue(proof.Session, proof.Service.Id, proof.Address, closes);
        byte[] remembered = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(remembered, proof.NowMs);
        return new Judgement(Reason.AwaitsGroup, 0, remembered);
    }

    private static (Reason Reason, EntropySlot Entropy) CheckBeacon(in ProofCase proof, RadioBeacon beacon)
    {
        ParametersRecord parameters = proof.Session.Parameters;
        if (EntropyRecord.Find(proof.Session)?.At(beacon.SlotMs) is not { } entropy)
            return (Reason.UnknownChallenge, default);
        CoverageTerms terms = CoverageTerms.Decode(proof.Service.Definition.KindParameters);
        Reason reason =
            proof.NowMs - entropy.TimeMs > parameters[Parameter.CoverageFreshMs] ? Reason.ChallengeStale
            : !WasThereBefore(proof, entropy) ? Reason.CameAfterChallenge
            : !entropy.Draws(proof.Service.Id, proof.Address, parameters[Parameter.CoverageOdds]) ? Reason.NotDrawn
            : CoverageGroup.Find(proof.Session, proof.Service.Id, proof.Address) is not null ? Reason.BeaconOpen
            : beacon.FrequencyHz < terms.FrequencyMinHz || beacon.FrequencyHz > terms.FrequencyMaxHz ? Reason.FrequencyOutOfBand
            : Reason.None;
        return (reason, entropy);
    }

    private static Reason JudgeWitness(in ProofCase proof, RadioWitness witness)
    {
        ParametersRecord parameters = proof.Session.Parameters;
        if (witness.Beaconer == proof.Address)
            return Reason.OwnBeacon;
        if (CoverageGroup.Find(proof.Session, proof.Service.Id, witness.Beaconer) is not { } group
            || proof.NowMs - group.SentMs > parameters[Parameter.CoverageArrivalMs] || group.Secret != Hash256.Zero)
            return Reason.NoOpenBeacon;
        if (group.Owner == proof.Device.Owner)
            return Reason.SameOwner;
        if (!WasThereBefore(proof, group.Entropy))
            return Reason.CameAfterChallenge;
        ulong last = proof.KindState.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64BigEndian(proof.KindState.Span);
        if (last == 0 || proof.NowMs - last > parameters[Parameter.CoverageIdleMs])
            return Reason.WitnessIdle;
        ulong drift = proof.Service.DriftMs;
        if (proof.ObservedMs + drift < group.Entropy.TimeMs || proof.ObservedMs > group.SentMs + drift)
            return Reason.HeardUntimely;
        foreach (CoverageWitness other in group.Witnesses)
        {
            if (other.Device == proof.Address)
                return Reason.AlreadyWitnessed;
        }
        CoverageWitness claim = new(
            proof.Address, proof.Id, proof.NowMs, CoverageWitness.RankOf(group.Entropy.Beacon, witness.Beaconer, proof.Address), witness.Mark,
            CheckRadio(proof, group, witness));
        return Draw(proof, witness.Beaconer, group, claim);
    }

    // What physics says of a reception. Who fails here is kept and counts among the witnesses: invalid company dilutes what it came to prove.
    private static Reason CheckRadio(in ProofCase proof, CoverageGroup group, RadioWitness witness)
    {
        CoverageTerms terms = CoverageTerms.Decode(proof.Service.Definition.KindParameters);
        Reception reception = new(
            group.Place, PlaceOf(proof.Device), terms.EirpMaxCentiDbm, terms.GainMaxCentiDb, group.FrequencyHz, witness.FrequencyHz, witness.RssiCentiDbm);
        return ReceptionChecks.Judge(reception, RulesOf(proof.Session.Parameters)).Outcome switch
        {
            ReceptionOutcome.Possible => Reason.None,
            ReceptionOutcome.FrequencyDiffers => Reason.FrequencyDiffers,
            ReceptionOutcome.TooNear => Reason.TooNear,
            ReceptionOutcome.TooFar => Reason.TooFar,
            ReceptionOutcome.TooStrong => Reason.TooStrong,
            ReceptionOutcome.TooWeak => Reason.TooWeak,
            var unknown => throw new LedgerInvariantException($"Nobody knows what a reception's outcome {unknown} means."),
        };
    }

    private static ReceptionRules RulesOf(ParametersRecord parameters) => new()
    {
        DistanceMinM = (uint)parameters[Parameter.CoverageDistanceMin],
        DistanceMaxM = (uint)parameters[Parameter.CoverageDistanceMax],
        FrequencyToleranceHz = parameters[Parameter.CoverageToleranceHz],
        ExtraLossCentiDb = (int)parameters[Parameter.CoverageExtraLoss],
        RssiMinCentiDbm = -(int)parameters[Parameter.CoverageSensitivity],
    };

    // The witnesses of the lowest ranks are kept, in whatever order they come. Who has to leave for a better one is told so in the next block.
    private static Reason Draw(in ProofCase proof, Address beaconer, CoverageGroup group, in CoverageWitness claim)
    {
        int at = 0;
        while (at < group.Witnesses.Length && group.Witnesses[at].Rank <= claim.Rank)
            at++;
        if (at == LedgerLimits.WitnessesMax)
            return Reason.WitnessNotDrawn;
        CoverageGroup joined = group with { Witnesses = group.Witnesses.Insert(at, claim) };
        if (joined.Witnesses.Length > LedgerLimits.WitnessesMax)
        {
            CoverageWitness left = joined.Witnesses[^1];
            joined = joined with { Witnesses = joined.Witnesses.RemoveAt(LedgerLimits.WitnessesMax) };
            LostDraws.Enqueue(proof.Session, proof.NowMs, proof.Service.Id, new WaitingProof(left.Device, left.Proof, left.SentMs));
        }
        proof.Session.Put(StateKey.CoverageGroup(proof.Service.Id, beaconer), joined);
        return Reason.AwaitsGroup;
    }

    private static Reason JudgeReveal(in ProofCase proof, RadioReveal reveal)
    {
        if (CoverageGroup.Find(proof.Session, proof.Service.Id, proof.Address) is not { } group || group.Secret != Hash256.Zero)
            return Reason.NoOpenBeacon;
        if (proof.NowMs - group.SentMs <= proof.Session.Parameters[Parameter.CoverageArrivalMs])
            return Reason.RevealedTooEarly;
        if (RadioSecret.Commit(reveal.Secret) != group.Commitment)
            return Reason.SecretDiffers;
        proof.Session.Put(StateKey.CoverageGroup(proof.Service.Id, proof.Address), group with { Secret = reveal.Secret });
        return Reason.None;
    }

    // Entropy draws only among those whom it could not know when it came: registered, enrolled and at their place in an earlier block.
    private static bool WasThereBefore(in ProofCase proof, in EntropySlot entropy)
    {
        ulong enrolled = proof.Device.In(proof.Service.Id)!.NotBeforeMs;
        return ulong.Max(ulong.Max(enrolled, proof.Device.RegisteredMs), proof.Device.MovedMs) < entropy.TimeMs;
    }

    private static GeoPoint PlaceOf(DeviceRecord device) => new(device.LatitudeE7, device.LongitudeE7);
}
