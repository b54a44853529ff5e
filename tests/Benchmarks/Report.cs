using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace AppChain.Benchmarks;

/// <summary>How long something took, and how much of the processor's time it used on all cores together.</summary>
internal readonly record struct Cost(TimeSpan Wall, TimeSpan Cpu)
{
    public static Cost Of(Action action)
    {
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long begin = Stopwatch.GetTimestamp();
        action();
        return new Cost(Stopwatch.GetElapsedTime(begin), Environment.CpuUsage.TotalTime - cpu);
    }

    /// <summary>The medians of both.</summary>
    public static Cost Median(IReadOnlyCollection<Cost> costs)
        => new(Middle(costs, static cost => cost.Wall), Middle(costs, static cost => cost.Cpu));

    private static TimeSpan Middle(IReadOnlyCollection<Cost> costs, Func<Cost, TimeSpan> time)
        => costs.Select(time).Order().ElementAt(costs.Count / 2);
}

/// <summary>
/// Prints measurements, each also as a multiple of one SHA-256 of 64 bytes by the framework in the same run. Where others use the same
/// cores the time that passes says little; the processor's time says more.
/// </summary>
internal sealed class Report
{
    private const int HashRepeats = 15, HashesPerRepeat = 20_000;

    // TimeSpan counts in 100 ns: a single hash is too short for it.
    private readonly double hashWall;
    private readonly double hashCpu;

    public Report()
    {
        byte[] message = new byte[64], digest = new byte[32];
        List<Cost> costs = [];
        for (int repeat = 0; repeat < HashRepeats; repeat++)
        {
            costs.Add(Cost.Of(() =>
            {
                for (int i = 0; i < HashesPerRepeat; i++)
                    SHA256.HashData(message, digest);
            }));
        }
        Cost hash = Cost.Median(costs);
        (hashWall, hashCpu) = (hash.Wall.TotalMicroseconds / HashesPerRepeat, hash.Cpu.TotalMicroseconds / HashesPerRepeat);
        Line("SHA-256 of 64 bytes, one-shot", string.Create(CultureInfo.InvariantCulture, $"{hashWall,9:F3} µs  CPU {hashCpu,9:F3} µs"));
    }

    /// <summary>The cost of one of so many operations that were measured together; the median of several measurements.</summary>
    public void PerOperation(string name, IReadOnlyCollection<Cost> costs, double operations)
    {
        Cost cost = Cost.Median(costs);
        (double wall, double cpu) = (cost.Wall.TotalMicroseconds / operations, cost.Cpu.TotalMicroseconds / operations);
        Line(name, string.Create(
            CultureInfo.InvariantCulture, $"{wall,9:F3} µs  CPU {cpu,9:F3} µs = {cpu / hashCpu,7:F2} hashes"));
    }

    /// <summary>Something so long that it is measured in seconds.</summary>
    public void Long(string name, IReadOnlyCollection<Cost> costs)
    {
        Cost cost = Cost.Median(costs);
        Line(name, string.Create(CultureInfo.InvariantCulture, $"{cost.Wall.TotalSeconds,9:F2} s   CPU {cost.Cpu.TotalSeconds,9:F2} s"));
    }

    /// <summary>A time that the processor's clock is too coarse for.</summary>
    public void Microseconds(string name, double wall)
        => Line(name, string.Create(CultureInfo.InvariantCulture, $"{wall,9:F3} µs = {wall / hashWall:F2} hashes"));

    public void Number(string name, double number, string unit)
        => Line(name, string.Create(CultureInfo.InvariantCulture, $"{number,9:N1} {unit}"));

    /// <summary>Resident memory of this process, in MiB.</summary>
    public void ResidentMemory()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using Process process = Process.GetCurrentProcess();
        Number("resident memory", process.WorkingSet64 / 1048576.0, "MiB");
        Number("of it managed heap", GC.GetTotalMemory(forceFullCollection: true) / 1048576.0, "MiB");
    }

    /// <summary>Anything else, in words of its own.</summary>
    public static void Line(string name, string value) => Console.WriteLine($"{name,-44} {value}");
}
