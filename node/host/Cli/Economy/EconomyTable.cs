using System.Globalization;
using AppChain.Ledger;

namespace AppChain.Node.Cli.Economy;

/// <summary>A simulated economy for people and for spreadsheets.</summary>
internal static class EconomyTable
{
    private const int PlotWidth = 60;
    private const int Rows = 24;

    /// <summary>A table with one row for each part of the run, and a bar for each of its columns.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<SimulatedEpoch> run)
    {
        IReadOnlyList<SimulatedEpoch[]> parts = [.. run.Chunk(Math.Max(1, (run.Count + Rows - 1) / Rows))];
        yield return $"{"epochs",-13} {"supply",16} {"price",10} {"burned",14} {"minted",14} {"usage",14} {"coverage",14} {"validators",14} {"treasury",14}";
        foreach (SimulatedEpoch[] part in parts)
        {
            SimulatedEpoch last = part[^1];
            yield return $"{$"{part[0].Epoch}–{last.Epoch}",-13} {Tokens(last.Circulating),16} {Dollars(last.Demand.Price),10} {Sum(part, static epoch => epoch.Burned),14} "
                + $"{Sum(part, static epoch => epoch.Mint.Total),14} {Sum(part, static epoch => epoch.Usage),14} {Sum(part, static epoch => epoch.Coverage),14} "
                + $"{Sum(part, static epoch => epoch.Validators),14} {Sum(part, static epoch => epoch.Mint.Treasury),14}";
        }
        foreach ((string name, Func<SimulatedEpoch[], UInt128> of) in (IEnumerable<(string, Func<SimulatedEpoch[], UInt128>)>)
        [
            ("supply", static part => part[^1].Circulating.Grains),
            ("burned", static part => Total(part, static epoch => epoch.Burned)),
            ("minted", static part => Total(part, static epoch => epoch.Mint.Total)),
            ("price", static part => part[^1].Demand.Price),
        ])
        {
            yield return "";
            yield return $"{name}, the longest bar is {(name == "price" ? Dollars((ulong)parts.Max(of)) : Tokens(new Amount((ulong)parts.Max(of))))}";
            UInt128 most = UInt128.Max(1, parts.Max(of));
            foreach (SimulatedEpoch[] part in parts)
                yield return $"{part[0].Epoch,6} {new string('█', (int)(of(part) * PlotWidth / most))}";
        }
    }

    /// <summary>One line for each epoch, in grains and micro-dollars.</summary>
    public static IEnumerable<string> Csv(IEnumerable<SimulatedEpoch> run) => run
        .Select(static epoch => string.Create(
            CultureInfo.InvariantCulture,
            $"{epoch.Epoch},{epoch.Demand.Dollars},{epoch.Demand.Price},{epoch.Burned.Grains},{epoch.Mint.Scheduled.Grains},{epoch.Mint.Net.Grains},{epoch.Mint.Total.Grains},{epoch.Usage.Grains},{epoch.Coverage.Grains},{epoch.Validators.Grains},{epoch.Mint.Treasury.Grains},{epoch.Circulating.Grains}"))
        .Prepend("epoch,demand_dollars,price,burned,scheduled,net,minted,usage,coverage,validators,treasury,circulating");

    private static UInt128 Total(SimulatedEpoch[] part, Func<SimulatedEpoch, Amount> of) => part.Aggregate(UInt128.Zero, (sum, epoch) => sum + of(epoch).Grains);

    private static string Sum(SimulatedEpoch[] part, Func<SimulatedEpoch, Amount> of) => Tokens(new Amount((ulong)Total(part, of)));

    private static string Tokens(Amount amount) => (amount.Grains / Amount.GrainsPerToken).ToString("N0", CultureInfo.InvariantCulture);

    private static string Dollars(ulong microDollars) => "$" + (microDollars / 1e6).ToString("0.####", CultureInfo.InvariantCulture);
}
