using AppChain.Tests.Calibration.Energy;
using AppChain.Tests.Calibration.Protocols;
using AppChain.Tests.Calibration.Sensors;
using AppChain.Tests.Calibration.Wireless;

namespace AppChain.Tests.Calibration;

public class CalibrationTests
{
    private static readonly Finding EmptyCell = new(
        "Any", "is one of a fleet that fills a cell where nobody honest stands, and agrees with itself", 0, 0, 1, Told: false);

    [Fact]
    public void HonestSensors_OnRealData_KeepTheirUnits() => Keep(() => SensorCalibration.Findings);

    [Fact]
    public void HonestWitnesses_OnRealData_KeepTheirUnits() => Keep(() => WirelessCalibration.Findings);

    [Fact]
    public void HonestMeters_OnRealData_KeepTheirUnits() => Keep(() => EnergyCalibration.Findings);

    [Fact]
    public void HonestStorageComputeAndTraffic_KeepTheirUnits() => Keep(() => ProtocolCalibration.Findings);

    [Fact]
    public void StorageComputeAndTraffic_ThatAreNotThere_EarnNextToNothing() => Catch(() => ProtocolCalibration.Findings);

    [Fact]
    public void LyingSensors_ThatCanBeTold_EarnNextToNothing() => Catch(() => SensorCalibration.Findings);

    [Fact]
    public void LyingWitnesses_ThatCanBeTold_EarnNextToNothing() => Catch(() => WirelessCalibration.Findings);

    [Fact]
    public void LyingMeters_ThatCanBeTold_EarnNextToNothing() => Catch(() => EnergyCalibration.Findings);

    [Fact]
    public void WhatCannotBeTold_WithTheBond_LosesOnAverage()
    {
        RealData.Need();
        Finding[] untold = Untold();
        Assert.NotEmpty(untold);
        Assert.All(untold, finding => Assert.True(Deterrence.GainPerDay(finding.Earned) < 0, finding.Row));
        // And with what is needed, exactly nothing.
        Assert.All(untold, finding => Assert.True(Deterrence.BondNeeded(finding.Earned, Deterrence.LookEveryDays) < Deterrence.BondDays,
            finding.Row));
    }

    // The page is what this says of the data: a rule that lets more through shows up in its diff.
    [Fact]
    public void CalibrationPage_EqualsWhatTheDataSay()
    {
        RealData.Need();
        RepositoryFiles.AssertPage("calibration.md", CalibrationPage.Of(SensorCalibration.Findings, WirelessCalibration.Findings,
            EnergyCalibration.Findings, ProtocolCalibration.Findings, Untold()));
    }

    private static Finding[] Untold() =>
    [
        .. SensorCalibration.Findings.Untold, .. WirelessCalibration.Findings.Untold, .. EnergyCalibration.Findings.Untold, EmptyCell,
    ];

    private static void Keep(Func<Findings> findings)
    {
        RealData.Need();
        Assert.NotEmpty(findings().Honest);
        Assert.All(findings().Honest, finding => Assert.True(finding.Earned >= Finding.KeptMin, finding.Row));
    }

    private static void Catch(Func<Findings> findings)
    {
        RealData.Need();
        Finding[] told = [.. findings().Frauds.Where(finding => finding.Told)];
        Assert.NotEmpty(told);
        Assert.All(told, finding => Assert.True(finding.Earned <= Finding.EarnedMax, finding.Row));
    }
}
