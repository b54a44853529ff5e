using System.Globalization;

namespace AppChain.Node.Cli.Economy;

/// <summary>What users are assumed to spend in an epoch, and what a token costs then.</summary>
/// <param name="Dollars">Of all users together.</param>
/// <param name="Price">Micro-dollars for a token.</param>
internal readonly record struct Demand(ulong Dollars, ulong Price);

/// <summary>An assumption about years of demand. It is no forecast: what the chain would do about it is what is looked at.</summary>
internal sealed class DemandCurve
{
    private const ulong Dollar = 1_000_000;
    private const ulong PerYear = 365;

    private readonly Func<ulong, Demand> at;

    private DemandCurve(Func<ulong, Demand> at) => this.at = at;

    /// <summary>The demand of an epoch, of a year of 365 of them.</summary>
    public Demand At(ulong epoch) => at(epoch);

    /// <summary><c>constant</c>, <c>growth</c>, <c>crash</c> or a file.</summary>
    public static DemandCurve Parse(string text) => text switch
    {
        "constant" => new DemandCurve(static _ => new Demand(10_000, Dollar)),
        // Doubles in a year; the price by half as much.
        "growth" => new DemandCurve(static epoch => new Demand(Doubling(1_000, epoch, PerYear), Doubling(Dollar, epoch, 2 * PerYear))),
        // As growth for three years; then a tenth is left of both, and grows again.
        "crash" => new DemandCurve(static epoch => epoch < 3 * PerYear
            ? new Demand(Doubling(1_000, epoch, PerYear), Doubling(Dollar, epoch, 2 * PerYear))
            : new Demand(Doubling(1_000, epoch, PerYear) / 10, Doubling(Dollar, epoch, 2 * PerYear) / 10)),
        _ => OfFile(text),
    };

    // Doubled every so often, and on a straight line in between: integers, so that a run is the same everywhere.
    private static ulong Doubling(ulong first, ulong epoch, ulong every)
    {
        ulong start = first << (int)ulong.Min(epoch / every, 30);
        return start + (start * (epoch % every) / every);
    }

    private static DemandCurve OfFile(string path)
    {
        if (!File.Exists(path))
            throw new CommandException($"\"{path}\" is neither constant, growth or crash nor a file.");
        List<(ulong Epoch, Demand Demand)> points = [];
        foreach ((int number, string line) in File.ReadLines(path).Index())
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            string[] parts = line.Split(',');
            if (parts.Length != 3 || !TryRead(parts[0], out ulong epoch) || !TryRead(parts[1], out ulong dollars)
                || !decimal.TryParse(parts[2], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal price) || price <= 0 || price > Ledger.LedgerLimits.PriceMax / Dollar)
                throw new CommandException($"{path}, line {number + 1}: expected EPOCH,DOLLARS,PRICE, such as 365,2000,1.25.");
            if (points.Count > 0 && epoch <= points[^1].Epoch)
                throw new CommandException($"{path}, line {number + 1}: the epochs do not ascend.");
            points.Add((epoch, new Demand(dollars, (ulong)(price * Dollar))));
        }
        if (points.Count == 0)
            throw new CommandException($"{path} has no line EPOCH,DOLLARS,PRICE.");
        return new DemandCurve(epoch => points.LastOrDefault(point => point.Epoch <= epoch, points[0]).Demand);
    }

    private static bool TryRead(string text, out ulong number) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= 1_000_000_000;
}
