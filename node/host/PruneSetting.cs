using System.Globalization;
using AppChain.Storage;

namespace AppChain.Node;

/// <summary>
/// How much of old blocks a node keeps, as written in <c>storage.prune</c>: <c>archive</c> (or <c>off</c>) keeps all; else budgets such as
/// <c>blocks=10GiB,receipts=2GiB,headers=20GiB</c>. What is left out has its default; <c>all</c> instead of a size has no budget.
/// </summary>
public static class PruneSetting
{
    /// <summary>What a node keeps that is told nothing: months of a busy chain on an ordinary disk.</summary>
    public const string Default = "blocks=64GiB,receipts=32GiB,headers=64GiB";

    private static readonly Dictionary<string, int> Shifts = new(StringComparer.OrdinalIgnoreCase) { ["MiB"] = 20, ["GiB"] = 30, ["TiB"] = 40 };

    /// <summary>Reads the setting.</summary>
    /// <exception cref="ConfigException">It cannot be read; the message says what it may be.</exception>
    public static RetentionBudget Parse(string setting, string text)
    {
        if (text is "archive" or "off")
            return RetentionBudget.Archive;
        RetentionBudget budget = text == Default ? RetentionBudget.Archive : Parse(setting, Default);
        HashSet<string> seen = [];
        foreach (string part in text.Split(','))
        {
            string[] pair = part.Trim().Split('=', 2);
            if (pair.Length != 2 || !seen.Add(pair[0]))
                throw Wrong(setting, text);
            long? bytes = pair[1] == "all" ? null : ParseSize(pair[1]) ?? throw Wrong(setting, text);
            budget = pair[0] switch
            {
                "blocks" => budget with { Batches = bytes },
                "receipts" => budget with { Receipts = bytes },
                "headers" => budget with { Headers = bytes },
                _ => throw Wrong(setting, text),
            };
        }
        if (budget.Headers is not null && (budget.Batches is null || budget.Receipts is null))
            throw new ConfigException($"{setting} is \"{text}\": a block goes with its header, so that headers must keep all if blocks or receipts do: say headers=all.");
        return budget;
    }

    private static long? ParseSize(string text)
    {
        string unit = text.Length > 3 ? text[^3..] : "";
        if (!Shifts.TryGetValue(unit, out int shift) || !long.TryParse(text[..^3], NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            return null;
        long max = long.MaxValue >> shift;
        return number <= max && number << shift >= NodeLimits.PruneBudgetMin ? number << shift : null;
    }

    private static ConfigException Wrong(string setting, string text) => new(
        $"{setting} is \"{text}\"; expected archive, or budgets from {NodeLimits.PruneBudgetMin >> 20}MiB on such as {Default}.");
}
