using AppChain.Ledger;
using AppChain.Ledger.Location;

namespace AppChain.Tests.Ledger.Proofs;

public class ReceptionTests
{
    private static readonly ReceptionRules Rules = new();
    private static readonly GeoPoint Here = new(451_900_000, 57_300_000);
    private static readonly Reception Good = new(Here, North(1_600), 1_600, 300, 868_100_000, 868_150_000, -11_000);

    [Fact]
    public void Reception_ThatCanHaveBeen_IsPossible() => Is(ReceptionOutcome.Possible, 0, Good);

    [Theory]
    [InlineData(868_200_000UL, ReceptionOutcome.Possible)]
    [InlineData(868_200_001UL, ReceptionOutcome.FrequencyDiffers)]
    [InlineData(867_999_999UL, ReceptionOutcome.FrequencyDiffers)]
    [InlineData(ulong.MaxValue, ReceptionOutcome.FrequencyDiffers)]
    public void Frequency_FartherThanTheTolerance_Differs(ulong hertz, ReceptionOutcome outcome) =>
        Assert.Equal(outcome, Judge(Good with { ReceivedHz = hertz }).Outcome);

    [Theory]
    [InlineData(340, ReceptionOutcome.TooNear)]
    [InlineData(360, ReceptionOutcome.Possible)]
    [InlineData(99_000, ReceptionOutcome.Possible)]
    [InlineData(101_000, ReceptionOutcome.TooFar)]
    public void Distance_OutsideTheBounds_IsNotBelieved(long metres, ReceptionOutcome outcome) =>
        Assert.Equal(outcome, Judge(Good with { Receiver = North(metres), RssiCentiDbm = -13_000 }).Outcome);

    // 1,600 m at 868.1 MHz lose 95.30 dB: 16 dBm and a gain of 3 dB arrive with −76.30 dBm at most.
    [Theory]
    [InlineData(-7_632, 0, ReceptionOutcome.Possible)]
    [InlineData(-7_626, 0, ReceptionOutcome.TooStrong)]
    [InlineData(-8_432, 800, ReceptionOutcome.Possible)]
    [InlineData(-8_426, 800, ReceptionOutcome.TooStrong)]
    public void Strength_BeyondWhatTheWayAllows_IsNotBelieved(int rssi, int extraLoss, ReceptionOutcome outcome) =>
        Assert.Equal(outcome, ReceptionChecks.Judge(Good with { RssiCentiDbm = rssi },
            Rules with { ExtraLossCentiDb = extraLoss }).Outcome);

    [Fact]
    public void Strength_BelowWhatAReceiverHears_IsNotBelieved() =>
        Is(ReceptionOutcome.TooWeak, -15_001, Good with { RssiCentiDbm = -15_001 });

    [Theory]
    [InlineData(int.MaxValue, ReceptionOutcome.TooStrong)]
    [InlineData(int.MinValue, ReceptionOutcome.TooWeak)]
    public void Numbers_BeyondReason_DoNotOverflow(int rssi, ReceptionOutcome outcome)
    {
        Assert.Equal(outcome, Judge(Good with { RssiCentiDbm = rssi }).Outcome);
        Assert.Equal(ReceptionOutcome.TooStrong, Judge(Good with { EirpCentiDbm = int.MinValue, GainCentiDb = int.MinValue }).Outcome);
    }

    private static void Is(ReceptionOutcome outcome, long decisive, Reception reception) =>
        Assert.Equal(new ReceptionVerdict(outcome, decisive), Judge(reception));

    private static ReceptionVerdict Judge(Reception reception) => ReceptionChecks.Judge(reception, Rules);

    private static GeoPoint North(long metres) => Here with { LatitudeE7 = Here.LatitudeE7 + (int)(metres * 10_000_000 / 111_139) };
}
