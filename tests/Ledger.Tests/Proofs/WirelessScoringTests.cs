using System.Collections.Immutable;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Ledger.Location;

namespace AppChain.Tests.Ledger.Proofs;

public class WirelessScoringTests
{
    private const ulong Now = 1_700_000_000_000;
    private static readonly WirelessScoreRules Rules = new();
    private static readonly GeoPoint Here = new(451_900_000, 57_300_000);
    private static readonly Hash256 Payload = Hashing.Sha256("entropy"u8);

    private static readonly WirelessBeacon Beacon =
        new(DeviceNames.Of(0), DeviceNames.Of(1_000), Here, 1_600, 868_100_000, Now, Now - 5_000, Payload, Now - 3_600_000);

    // N = 4, r = 0.8: the design's table.
    [Theory]
    [InlineData(0u, 0u, 1_000_000u)]
    [InlineData(1u, 250_000u, 1_000_000u)]
    [InlineData(3u, 750_000u, 1_000_000u)]
    [InlineData(4u, 1_000_000u, 1_000_000u)]
    [InlineData(5u, 1_200_000u, 760_000u)]
    [InlineData(6u, 1_360_000u, 606_666u)]
    [InlineData(14u, 1_892_627u, 221_955u)]
    public void Units_OfSoManyWitnesses_AreTheTables(uint witnesses, uint beacon, uint witness)
    {
        Assert.Equal(beacon, WirelessScoring.BeaconUnits(witnesses, Rules));
        Assert.Equal(witness, WirelessScoring.WitnessUnits(witnesses, Rules));
    }

    [Fact]
    public void Beacon_HeardByFive_EarnsWithItsWitnesses()
    {
        WirelessScores scores = Score([.. Enumerable.Range(1, 5).Select(Witness)]);

        Assert.Equal((WirelessOutcome.Valid, 1_200_000u), (scores.Beacon.Outcome, scores.Beacon.Ppm));
        Assert.All(scores.Witnesses, score => Assert.Equal((WirelessOutcome.Valid, 760_000u), (score.Outcome, score.Ppm)));
    }

    [Fact]
    public void InvalidWitnesses_ThinOutTheOthers_AndDoNotHelpTheBeacon()
    {
        WirelessScores scores = Score([Witness(1), Witness(2), .. Enumerable.Range(3, 3).Select(number => Witness(number) with { Revoked = true })]);

        Assert.Equal(500_000u, scores.Beacon.Ppm);
        Assert.Equal([760_000u, 760_000u, 0u, 0u, 0u], scores.Witnesses.Select(score => score.Ppm));
    }

    public static TheoryData<string, WirelessOutcome> Faults => new()
    {
        { "self", WirelessOutcome.OwnBeacon }, { "owner", WirelessOutcome.SameOwner }, { "revoked", WirelessOutcome.Revoked },
        { "payload", WirelessOutcome.WrongPayload }, { "frequency", WirelessOutcome.WrongFrequency }, { "late", WirelessOutcome.LateReception },
        { "early", WirelessOutcome.LateReception }, { "inactive", WirelessOutcome.Inactive }, { "new", WirelessOutcome.Inactive },
        { "near", WirelessOutcome.TooNear }, { "far", WirelessOutcome.TooFar }, { "strong", WirelessOutcome.TooStrong },
        { "weak", WirelessOutcome.TooWeak },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Witness_WithOneFault_IsInvalidForIt_AndTheBeaconUnheard(string fault, WirelessOutcome outcome)
    {
        WirelessWitness good = Witness(1);
        WirelessWitness witness = fault switch
        {
            "self" => good with { Device = Beacon.Device },
            "owner" => good with { Owner = Beacon.Owner },
            "revoked" => good with { Revoked = true },
            "payload" => good with { Payload = Hashing.Sha256("guess"u8) },
            "frequency" => good with { FrequencyHz = 868_200_001 },
            "late" => good with { ReceivedMs = Now + 10_001 },
            "early" => good with { ReceivedMs = Now - 10_001 },
            "inactive" => good with { WorkedMs = Now - (48 * 3_600_000) - 1 },
            "new" => good with { WorkedMs = 0 },
            "near" => good with { Place = North(340) },
            "far" => good with { Place = North(101_000) },
            "strong" => good with { RssiCentiDbm = -7_000 },
            "weak" => good with { RssiCentiDbm = -15_001 },
            _ => good,
        };

        WirelessScores scores = Score([witness]);

        Assert.Equal((outcome, 0u), (scores.Witnesses[0].Outcome, scores.Witnesses[0].Ppm));
        Assert.Equal((WirelessOutcome.Unheard, 0u), (scores.Beacon.Outcome, scores.Beacon.Ppm));
    }

    // 1,600 m at 868.1 MHz lose 95.30 dB: 16 dBm and a gain of 3 dB arrive with −76.30 dBm at most.
    [Theory]
    [InlineData(-7_632, WirelessOutcome.Valid)]
    [InlineData(-7_626, WirelessOutcome.TooStrong)]
    public void Rssi_AtTheFreeSpaceBound_IsWhereItEnds(int rssi, WirelessOutcome outcome) =>
        Assert.Equal(outcome, Score([Witness(1) with { Place = North(1_600), RssiCentiDbm = rssi, GainCentiDb = 300 }]).Witnesses[0].Outcome);

    [Theory]
    [InlineData(-1)]
    [InlineData(180_001)]
    public void Beacon_NotFresh_EarnsNothingForAnybody(int ageMs)
    {
        WirelessScores scores = WirelessScoring.Score(
            new WirelessGroup(Beacon with { DrawnMs = (ulong)((long)Now - ageMs) }, [Witness(1)], Payload), Rules);

        Assert.Equal((WirelessOutcome.NotFresh, ageMs, 0u), (scores.Beacon.Outcome, scores.Beacon.Decisive, scores.Beacon.Ppm));
        Assert.Equal(0u, scores.Witnesses[0].Ppm);
    }

    [Fact]
    public void Witness_ThatReportsTwice_CountsOnce()
    {
        WirelessScores scores = Score([Witness(1), Witness(1) with { RssiCentiDbm = -9_000 }]);

        Assert.Equal([WirelessOutcome.Valid, WirelessOutcome.Repeated], scores.Witnesses.Select(score => score.Outcome));
        Assert.Equal(250_000u, scores.Beacon.Ppm);
    }

    [Fact]
    public void Witnesses_MoreThanCount_AreDrawnByTheEntropy_WhateverTheirOrder()
    {
        WirelessWitness[] crowd = [.. Enumerable.Range(1, 40).Select(Witness)];

        Address[] there = Drawn(Score([.. crowd]));
        Address[] back = Drawn(Score([.. crowd.Reverse()]));
        Address[] other = Drawn(WirelessScoring.Score(new WirelessGroup(Beacon, [.. crowd], Hashing.Sha256("other"u8)), Rules));

        Assert.Equal(14, there.Length);
        Assert.Equal(there, back);
        Assert.NotEqual(there, other);
    }

    [Fact]
    public void Numbers_BeyondReason_DoNotOverflow()
    {
        WirelessWitness witness = Witness(1) with { RssiCentiDbm = int.MaxValue, GainCentiDb = int.MinValue, FrequencyHz = ulong.MaxValue };
        WirelessWitness early = Witness(2) with { ReceivedMs = ulong.MaxValue, WorkedMs = ulong.MaxValue };

        Assert.All(Score([witness, early]).Witnesses, score => Assert.NotEqual(WirelessOutcome.Valid, score.Outcome));
    }

    private static Address[] Drawn(WirelessScores scores) =>
        [.. scores.Witnesses.Where(score => score.Outcome == WirelessOutcome.Valid).Select(score => score.Device).Order()];

    private static WirelessScores Score(ImmutableArray<WirelessWitness> witnesses) =>
        WirelessScoring.Score(new WirelessGroup(Beacon, witnesses, Payload), Rules);

    private static WirelessWitness Witness(int number) => new(
        DeviceNames.Of(number), DeviceNames.Of(1_000 + number), false, North(1_000 + (number * 100)), 300, -11_000, 868_150_000, Now + 700, Payload,
        Now - 7_200_000);

    // 1/60° of latitude is about 1,852 m.
    private static GeoPoint North(long metres) => Here with { LatitudeE7 = Here.LatitudeE7 + (int)(metres * 10_000_000 / 111_139) };
}
