using System.Globalization;

namespace AppChain.Tests.Calibration;

/// <summary>
/// What makes unprofitable what the chain cannot tell: somebody looks, accuses with evidence, and bond and escrow are lost. All amounts are
/// in days of an honest device's reward.
/// </summary>
internal static class Deterrence
{
    /// <summary>Rewards rest for so long, and are lost with a dispute.</summary>
    public const double EscrowDays = 7;

    /// <summary>The bond that a service of these kinds should ask for.</summary>
    public const double BondDays = 180;

    /// <summary>A look at each device in so many days on average: a visit, a mobile tester, the operator's own meter.</summary>
    public const double LookEveryDays = 150;

    /// <summary>What a device gains on a day that it lies, on average; below zero, lying costs.</summary>
    /// <param name="earned">What it earns of an honest device's reward.</param>
    public static double GainPerDay(double earned) => earned - ((BondDays + (EscrowDays * earned)) / LookEveryDays);

    /// <summary>The least bond at which lying gains nothing, if a look comes so often.</summary>
    public static double BondNeeded(double earned, double lookEveryDays) => earned * (lookEveryDays - EscrowDays);

    public static string Table(IEnumerable<Finding> untold)
    {
        string page =
            "| What the device does | Earns at most | Gains a day | Bond needed, looks every 30 / 90 / 150 days |\n|---|---|---|---|\n";
        foreach (IGrouping<string, Finding> story in untold.GroupBy(finding => finding.Story))
        {
            double earned = story.Max(finding => finding.Earned);
            page += string.Create(CultureInfo.InvariantCulture, $"| {story.Key} | {earned:P1} | {GainPerDay(earned):0.00} | ")
                + string.Create(CultureInfo.InvariantCulture,
                    $"{BondNeeded(earned, 30):0} / {BondNeeded(earned, 90):0} / {BondNeeded(earned, 150):0} |\n");
        }
        return page;
    }
}
