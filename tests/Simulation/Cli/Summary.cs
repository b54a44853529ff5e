using System.Text.Json;

namespace AppChain.Simulation.Cli;

/// <summary>Adds up outcomes.</summary>
sealed class Summary(CommandLine line)
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    readonly List<(Outcome Outcome, string Transcript)> failures = [];
    readonly Dictionary<string, ulong> seedsOf = [];
    ulong seeds;
    ulong views;
    ulong blocks;
    long messages;
    long virtualMs;
    long slowestHealMs;
    readonly Coverage coverage = new();
    ulong hash;

    public ulong Failures => (ulong)failures.Count;

    public void Add(Outcome outcome, string? transcript)
    {
        seeds++;
        views += outcome.Views;
        blocks += outcome.Blocks;
        messages += outcome.Messages;
        virtualMs += outcome.VirtualMs;
        slowestHealMs = long.Max(slowestHealMs, outcome.HealMs);
        coverage.Add(outcome.Coverage);
        hash = Mix.Fold(hash, outcome.TraceHash);
        seedsOf[outcome.Scenario.Profile] = seedsOf.GetValueOrDefault(outcome.Scenario.Profile) + 1;
        if (transcript is not null)
        {
            failures.Add((outcome, transcript));
        }
    }

    public string Progress(TimeSpan elapsed) =>
        $"{seeds}/{line.Seeds} seeds, {views} views, {blocks} blocks, {PerMinute(elapsed)} seeds/min, {failures.Count} failures";

    public string Text(TimeSpan elapsed) => $"""
        seeds      {seeds} ({string.Join(", ", seedsOf.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}"))})
        views      {views}
        blocks     {blocks}
        messages   {messages}
        virtual    {virtualMs / 1000} s; the slowest to be live again took {slowestHealMs} ms
        real       {elapsed.TotalSeconds:0.0} s, {PerMinute(elapsed)} seeds/min
        processor  {Processor.TotalSeconds:0.0} s, {PerMinute(Processor)} seeds/min and {ViewsPerMinute} views/min
        trace      {hash:x16}
        happened   {string.Join(", ", coverage.All().Select(entry => $"{entry.Name} {entry.Times}"))}
        failures   {failures.Count}
        """;

    public string Json(TimeSpan elapsed) => JsonSerializer.Serialize(
        new
        {
            from = line.From,
            seeds,
            profile = line.Profile,
            validators = line.Validators,
            profiles = seedsOf,
            views,
            blocks,
            messages,
            virtualMs,
            slowestHealMs,
            seconds = elapsed.TotalSeconds,
            seedsPerMinute = PerMinute(elapsed),
            seedsPerMinuteOfOneCore = PerMinute(Processor),
            trace = $"{hash:x16}",
            happened = coverage.All().ToDictionary(entry => entry.Name, entry => entry.Times),
            failures = failures.Select(failure => new
            {
                seed = failure.Outcome.Scenario.Seed,
                scenario = failure.Outcome.Scenario.ToString(),
                failure = failure.Outcome.Failure,
                trace = $"{failure.Outcome.TraceHash:x16}",
                replay = line.Replay(failure.Outcome.Scenario.Seed),
                transcript = failure.Transcript,
            }),
        },
        Indented);

    // On a machine that does other things as well this is what says how fast the simulator is.
    static TimeSpan Processor => Environment.CpuUsage.TotalTime;

    long ViewsPerMinute => (long)(views / double.Max(Processor.TotalMinutes, 1e-9));

    long PerMinute(TimeSpan elapsed) => (long)(seeds / double.Max(elapsed.TotalMinutes, 1e-9));
}
