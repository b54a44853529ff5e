using System.Text.RegularExpressions;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>A count that a record writes in one or two bytes never outgrows them, whatever governance sets.</summary>
public sealed partial class NarrowCountTests
{
    private static readonly Dictionary<string, ulong> Largest = new()
    {
        ["BallotsRecord.Ballots"] = LedgerLimits.OpenProposalsMax,
        ["ChannelRecord.Shares"] = LedgerLimits.ChannelDevicesMax,
        ["CoverageGroup.Witnesses"] = LedgerLimits.WitnessesMax,
        ["CoverageTerms.Density"] = 5,
        ["DeviceRecord.Enrollments"] = LedgerLimits.EnrollmentsMax,
        ["DeviceRecord.Payees"] = LedgerLimits.PayeesMax,
        ["Entropy.Slots"] = LedgerLimits.EntropySlotsMax,
        ["FeederRecord.Open"] = FeederRecord.OpenMax,
        ["GovernanceRecord.Open"] = LedgerLimits.OpenProposalsMax,
        ["GridEventRecord.Commitments"] = GridEventRecord.CommitmentsMax,
        ["JobRecord.Answers"] = LedgerLimits.JobOffersMax,
        ["JobRecord.Workers"] = LedgerLimits.JobOffersMax,
        ["ManufacturerRecord.Roots"] = LedgerLimits.ManufacturerRootsMax,
        ["MapImageRecord.Reviews"] = MapImageRecord.AttemptsMax * MappingScoring.Reviewers,
        ["MapTileRecord.Cameras"] = MapTileRecord.CamerasMax,
        ["MapTileRecord.Days"] = MapTileRecord.DaysMax,
        ["MeterRecord.Lots"] = MeterRecord.LotsMax,
        ["MeterRecord.Waiting"] = MeterRecord.WaitingMax,
        ["NeighbourTerms.Metrics"] = NeighbourTerms.MetricsMax,
        ["PriceFeed.Reports"] = LedgerLimits.PriceReportersMax,
        ["PriceFeed.Samples"] = LedgerLimits.PriceSamplesMax,
        ["PriceReporters.Accounts"] = LedgerLimits.PriceReportersMax,
        ["ReviewersRecord.Devices"] = ReviewersRecord.DevicesMax,
        ["SensorPastRecord.Medians"] = SensorPastRecord.SlotsMax,
        ["SensorRosterRecord.Devices"] = SensorRosterRecord.DevicesMax,
        ["SensorSlotsRecord.Filled"] = Parameters.Find(Parameter.SensorWindowSlots)!.Maximum, // each slot once: SensorVoteTests
        ["SensorSlotsRecord.Sums"] = NeighbourTerms.MetricsMax,
        ["SensorState.LastReading"] = LedgerLimits.ServiceMetricsMax,
        ["ServiceDefinition.Manufacturers"] = LedgerLimits.ServiceManufacturersMax,
        ["ServiceDefinition.Metrics"] = LedgerLimits.ServiceMetricsMax,
        ["StakeRecord.Positions"] = LedgerLimits.DelegationsMax,
        ["TurnsRecord.Lines"] = LedgerLimits.ServicesMax,
    };

    /// <summary>Numbers, not counts, that are cast down from a parameter or a sum.</summary>
    private static readonly Dictionary<string, ulong> LargestNumbers = new()
    {
        ["SensorRosterRecord.Slots"] = Parameters.Find(Parameter.SensorWindowSlots)!.Maximum,
        ["JobRecord.Asked"] = LedgerLimits.JobOffersMax,
        ["JobRecord.Wanted"] = JobRecord.PricesLocked,
        ["DealRecord.Draws"] = LedgerLimits.StorageDrawsMax,
        ["Enrollment.BatchDistrust"] = LedgerLimits.BatchDistrustMax,
        ["SensorState.Trust"] = SensorTrust.Max,
    };

    [Fact]
    public void Counts_OfOneOrTwoBytes_HaveRoomForTheLargestThatMayBe()
    {
        Dictionary<string, ulong> room = Written();

        // A new count needs its line above.
        Assert.Equal(Largest.Keys.Order(StringComparer.Ordinal), room.Keys.Order(StringComparer.Ordinal));
        Assert.All(room, count => Assert.True(Largest[count.Key] <= count.Value, count.Key));
        Assert.All(LargestNumbers, number => Assert.True(number.Value <= byte.MaxValue, number.Key));
    }

    // Every narrow count in the ledger's source, by the file that writes it, and the most that it can hold.
    private static Dictionary<string, ulong> Written()
    {
        Dictionary<string, ulong> found = [];
        foreach (string file in Directory.EnumerateFiles(RepositoryFiles.Path("node", "ledger"), "*.cs", SearchOption.AllDirectories))
        {
            foreach (Match match in NarrowCount().Matches(File.ReadAllText(file)))
            {
                string count = $"{Path.GetFileNameWithoutExtension(file)}.{match.Groups["member"].Value}";
                found[count] = match.Groups["bits"].Value == "8" ? byte.MaxValue : ushort.MaxValue;
            }
        }
        return found;
    }

    [GeneratedRegex(@"writer\.UInt(?<bits>8|16)\(\((byte|ushort)\)(?<member>\w+)\.(Length|Count)\)")]
    private static partial Regex NarrowCount();
}
