using System.Globalization;

namespace AppChain.Devnet.Processes;

/// <summary>What Linux tells about a process: enough to know it again and to see what it uses.</summary>
/// <param name="StartTicks">Clock ticks from boot to its start. A process id and this together name one process for good.</param>
/// <param name="State">R, S, D, T (stopped), Z …</param>
internal readonly record struct ProcessSample(char State, long StartTicks, double CpuSeconds, long RssBytes)
{
    /// <summary>True when a signal has paused the process.</summary>
    public bool IsPaused => State is 'T' or 't';
}

/// <summary>Reads <c>/proc</c>.</summary>
internal static class ProcFs
{
    // USER_HZ: 100 on every architecture that Linux and .NET share.
    private const double TicksPerSecond = 100;

    /// <summary>Reads one process. False when it is gone.</summary>
    public static bool TrySample(int pid, out ProcessSample sample)
    {
        sample = default;
        string stat;
        try
        {
            stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The process ended between two looks: that is the answer, not an error.
            return false;
        }
        // The command in parentheses may itself hold spaces and parentheses: fields are counted after the last one. See proc(5).
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        double cpuSeconds = (Number(fields[11]) + Number(fields[12])) / TicksPerSecond;
        sample = new ProcessSample(fields[0][0], Number(fields[19]), cpuSeconds, Number(fields[21]) * Environment.SystemPageSize);
        return sample.State != 'Z';
    }

    private static long Number(string field) => long.Parse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
