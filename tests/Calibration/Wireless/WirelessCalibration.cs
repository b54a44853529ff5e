using AppChain.Ledger;
using AppChain.Ledger.Location;

namespace AppChain.Tests.Calibration.Wireless;

/// <summary>
/// Wireless coverage: what physics tells of a reception. Bounds from the first half of both recordings, judged on the second.
/// </summary>
internal static class WirelessCalibration
{
    // What the senders radiate at most, antenna included.
    private const int EirpCentiDbm = 1_600;

    private static readonly GeoPoint Here = new(451_900_000, 57_300_000);
    private static readonly Lazy<Findings> Once = new(Run);

    /// <summary>What a witness reports; from the honest report and its number.</summary>
    private delegate Reception Report(Reception honest, int number);

    public static Findings Findings => Once.Value;

    private static Findings Run()
    {
        (string Name, Heard[] Heard)[] recordings =
        [
            ("Mobile tester (Grenoble)", Paid("FTD_0018B20000020.ndjson.gz")),
                ("Fixed sender (Grenoble)", Paid("IMST_33323431007C727B.ndjson.gz")),
        ];
        Heard[] learn = [.. recordings.SelectMany(recording => recording.Heard.Take(recording.Heard.Length / 2))];
        ReceptionRules rules = Derive(learn);
        List<Finding> honest = [], frauds = [];
        foreach ((string name, Heard[] heard) in recordings)
        {
            Reception[] judge = [.. heard.Skip(heard.Length / 2).Select(Honest)];
            double kept = Possible(judge, rules, (reception, _) => reception) / (double)judge.Length;
            Finding Tell(string story, Report report, bool told = true)
            {
                int possible = Possible(judge, rules, report);
                return new Finding(name, story, judge.Length, 1 - (possible / (double)judge.Length), possible / (kept * judge.Length),
                    told);
            }
            honest.Add(Tell("hears and reports", (reception, _) => reception) with { Earned = kept });
            frauds.Add(Tell("says that it stands 5 km east of where it is", Elsewhere(5_000), told: false));
            frauds.Add(Tell("says that it stands 20 km east", Elsewhere(20_000)));
            frauds.Add(Tell("says that it stands 100 km east", Elsewhere(100_000)));
            frauds.Add(Tell("stands in the sender's room, and says so", (reception, _) =>
                reception with { Receiver = Here, RssiCentiDbm = -3_500 }));
            frauds.Add(Tell("stands in the sender's room, and says that it is far", (reception, _) =>
                reception with { RssiCentiDbm = -3_500 }));
            frauds.Add(Tell("is told what was sent, invents −40 to −90 dBm", Invented(-4_000, 5_000)));
            frauds.Add(Tell("is told what was sent, invents −110 to −140 dBm", Invented(-11_000, 3_000), told: false));
        }
        string bounds = "| Learned from | Farthest | Every way loses besides | Frequencies within |\n|---|---|---|---|\n"
            + FormattableString.Invariant($"| {learn.Length} receptions | {rules.DistanceMaxM / 1e3:0.0} km | {rules.ExtraLossCentiDb / 1e2:0.0} dB | {rules.FrequencyToleranceHz / 1e3:0} kHz |\n");
        return new Findings(honest, frauds, bounds);
    }

    // Half the loss and twice the way of what 99.8 % of the receptions keep.
    private static ReceptionRules Derive(Heard[] heard)
    {
        long[] losses = [.. heard.Select(each => EirpCentiDbm - FreeSpaceLoss.CentiDb(each.DistanceM, each.FrequencyHz) - each.RssiCentiDbm)
            .Order()];
        uint[] distances = [.. heard.Select(each => each.DistanceM).Order()];
        return new ReceptionRules { ExtraLossCentiDb = (int)(losses[heard.Length / 500] / 200 * 100), DistanceMaxM =
            distances[^(heard.Length / 500 + 1)] * 2 / 100 * 100 };
    }

    // Without what no service pays for: hearing across the street.
    private static Heard[] Paid(string file) => [.. Receptions.Read(file)
        .Where(heard => heard.DistanceM > new ReceptionRules().DistanceMinM * 1.01)];

    private static int Possible(Reception[] receptions, ReceptionRules rules, Report report) =>
        receptions.Where((reception, number) =>
            ReceptionChecks.Judge(report(reception, number), rules).Outcome == ReceptionOutcome.Possible).Count();

    // The published coordinates are blurred, the distances are not: each hotspot is put as far north.
    private static Reception Honest(Heard heard) => new(
        Here, Here with { LatitudeE7 = Here.LatitudeE7 + (int)(heard.DistanceM * 10_000_000L / 111_139) }, EirpCentiDbm, 0,
            heard.FrequencyHz - heard.DetunedHz,
        heard.FrequencyHz, heard.RssiCentiDbm);

    private static Report Elsewhere(int metres) => (reception, _) => reception with
    {
        Receiver = reception.Receiver with { LongitudeE7 = reception.Receiver.LongitudeE7 + (int)(metres * 10_000_000L / 78_600) },
    };

    private static Report Invented(int strongest, uint span) => (reception, number) =>
        reception with { RssiCentiDbm = strongest - (int)(((((ulong)number + 1) * 0x9E37_79B9_7F4A_7C15) >> 33) % span) };
}
