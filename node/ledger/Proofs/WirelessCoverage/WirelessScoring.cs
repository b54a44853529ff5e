using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using AppChain.Crypto;
using AppChain.Ledger.Location;

namespace AppChain.Ledger;

/// <summary>
/// Scores a beacon and its witnesses, when its window has closed: pure. A witness shows that it stood where the sender's signal reaches, for what was sent
/// was not known before; physics bounds how strong it can have been, not how weak.
/// </summary>
/// <remarks>
/// Of more reports than count, those that do are drawn by lot, valid or not: who floods a beacon with invalid ones thins out his own. A beacon earns
/// by its valid witnesses; what a witness earns falls with the number of all that were drawn.
/// </remarks>
public static class WirelessScoring
{
    private const uint Whole = 1_000_000;
    private static readonly HashTag DrawTag = new("AppChain/witness-draw");

    /// <exception cref="LedgerInvariantException">There are more reports than a group has, or a place is not on Earth.</exception>
    public static WirelessScores Score(WirelessGroup group, WirelessScoreRules rules)
    {
        Invariant.Check(group.Witnesses.Length <= WirelessGroup.WitnessesMax, "a beacon has few witnesses");
        WirelessBeacon beacon = group.Beacon;
        HashSet<int> drawn = Draw(group, rules.WitnessesMax);
        HashSet<Address> seen = [];
        var witnesses = new WirelessScore[group.Witnesses.Length];
        uint valid = 0;
        for (int i = 0; i < witnesses.Length; i++)
        {
            WirelessWitness witness = group.Witnesses[i];
            (WirelessOutcome outcome, long decisive) = !seen.Add(witness.Device) ? (WirelessOutcome.Repeated, 0)
                : !drawn.Contains(i) ? (WirelessOutcome.NotDrawn, 0)
                : Check(beacon, witness, rules);
            witnesses[i] = new WirelessScore(witness.Device, 0, outcome, decisive);
            valid += outcome == WirelessOutcome.Valid ? 1u : 0;
        }

        if (beacon.SentMs < beacon.DrawnMs || beacon.SentMs - beacon.DrawnMs > rules.FreshMs)
        {
            long late = (long)((Int128)beacon.SentMs - beacon.DrawnMs);
            return new WirelessScores(new WirelessScore(beacon.Device, 0, WirelessOutcome.NotFresh, late), [.. witnesses]);
        }
        uint share = WitnessUnits((uint)drawn.Count, rules);
        for (int i = 0; i < witnesses.Length; i++)
        {
            if (witnesses[i].Outcome == WirelessOutcome.Valid)
                witnesses[i] = witnesses[i] with { Ppm = share };
        }
        WirelessOutcome heard = valid > 0 ? WirelessOutcome.Valid : WirelessOutcome.Unheard;
        return new WirelessScores(new WirelessScore(beacon.Device, BeaconUnits(valid, rules), heard, 0), [.. witnesses]);
    }

    /// <summary>What a beacon with so many valid witnesses earns: <c>w/N</c> up to N, then <c>2 − r^(w−N)</c>; in parts per million.</summary>
    public static uint BeaconUnits(uint witnesses, WirelessScoreRules rules) =>
        witnesses < rules.WitnessesWanted ? Whole / rules.WitnessesWanted * witnesses
        : (2 * Whole) - Power(rules.Decay, witnesses - rules.WitnessesWanted);

    /// <summary>What each valid one of so many witnesses earns: 1 up to N, then <c>(N − (1 − r^(w−N))) / w</c>; in parts per million.</summary>
    public static uint WitnessUnits(uint witnesses, WirelessScoreRules rules) =>
        witnesses <= rules.WitnessesWanted ? Whole
        : (uint)((((ulong)(rules.WitnessesWanted - 1) * Whole) + Power(rules.Decay, witnesses - rules.WitnessesWanted)) / witnesses);

    private static (WirelessOutcome Outcome, long Decisive) Check(WirelessBeacon beacon, WirelessWitness witness, WirelessScoreRules rules)
    {
        if (witness.Device == beacon.Device)
            return (WirelessOutcome.OwnBeacon, 0);
        if (witness.Owner == beacon.Owner)
            return (WirelessOutcome.SameOwner, 0);
        if (witness.Revoked)
            return (WirelessOutcome.Revoked, 0);
        if (witness.Payload != beacon.Payload)
            return (WirelessOutcome.WrongPayload, 0);
        ulong detuned = Apart(witness.FrequencyHz, beacon.FrequencyHz), lag = Apart(witness.ReceivedMs, beacon.SentMs);
        if (detuned > rules.FrequencyToleranceHz)
            return (WirelessOutcome.WrongFrequency, (long)ulong.Min(detuned, long.MaxValue));
        if (lag > rules.LagMs)
            return (WirelessOutcome.LateReception, (long)ulong.Min(lag, long.MaxValue));
        if (!IsActive(beacon.WorkedMs, beacon.SentMs, rules) || !IsActive(witness.WorkedMs, beacon.SentMs, rules))
            return (WirelessOutcome.Inactive, 0);

        long distanceCm = Distance.BetweenCm(beacon.Place, witness.Place);
        if (distanceCm < rules.DistanceMinM * 100L)
            return (WirelessOutcome.TooNear, distanceCm);
        if (distanceCm > rules.DistanceMaxM * 100L)
            return (WirelessOutcome.TooFar, distanceCm);
        long most = (long)beacon.EirpCentiDbm + witness.GainCentiDb + rules.RssiMarginCentiDb
            - FreeSpaceLoss.CentiDb((ulong)(distanceCm / 100), beacon.FrequencyHz);
        if (witness.RssiCentiDbm > most)
            return (WirelessOutcome.TooStrong, witness.RssiCentiDbm - most);
        return witness.RssiCentiDbm < rules.RssiMinCentiDbm ? (WirelessOutcome.TooWeak, witness.RssiCentiDbm) : (WirelessOutcome.Valid, 0);
    }

    private static bool IsActive(ulong workedMs, ulong atMs, WirelessScoreRules rules) => workedMs != 0 && (workedMs >= atMs || atMs - workedMs <= rules.ActiveMs);

    private static ulong Apart(ulong left, ulong right) => left > right ? left - right : right - left;

    // The reports that count: the first of each device, by the order of their hashes with the entropy.
    private static HashSet<int> Draw(WirelessGroup group, int count)
    {
        HashSet<Address> seen = [];
        List<(Hash256 Lot, int Index)> lots = [];
        for (int i = 0; i < group.Witnesses.Length; i++)
        {
            Address device = group.Witnesses[i].Device;
            if (seen.Add(device))
                lots.Add((DrawTag.Hash(group.Draw.Bytes, device.Bytes), i));
        }
        lots.Sort();
        HashSet<int> drawn = [];
        foreach ((_, int index) in lots[..int.Min(count, lots.Count)])
            drawn.Add(index);
        return drawn;
    }

    // ratio^exponent in parts per million, rounded down at each step.
    private static uint Power(uint ratio, uint exponent)
    {
        ulong power = Whole;
        for (uint i = 0; i < exponent; i++)
            power = power * ratio / Whole;
        return (uint)power;
    }
}
