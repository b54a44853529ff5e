using System.Globalization;

namespace AppChain.Devnet.Processes;

/// <summary>One line of the pid file: a process that a devnet started, named so that no later process can be taken for it.</summary>
internal sealed record PidEntry(string Name, int Pid, long StartTicks)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} {Pid} {StartTicks}");

    /// <summary>True while that very process lives.</summary>
    public bool IsAlive => ProcFs.TrySample(Pid, out ProcessSample sample) && sample.StartTicks == StartTicks;

    public static PidEntry? TryParse(string line) =>
        line.Split(' ') is [var name, var pid, var start]
        && int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
        && long.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out long ticks)
            ? new PidEntry(name, id, ticks)
            : null;
}

/// <summary>
/// <c>DIR/pids</c>: the devnet's own process and its validators, one per line as <c>name pid start-ticks</c>. <c>devnet/down</c>
/// ends exactly the validators in it. Written whole and renamed, so that a reader never sees half of it.
/// </summary>
internal sealed class PidFile(string path)
{
    public const string FileName = "pids";
    public const string DevnetName = "devnet";

    private readonly Lock gate = new();
    private readonly SortedDictionary<string, PidEntry> entries = new(StringComparer.Ordinal);

    /// <summary>The processes that the file names, dead or alive; none when there is no file.</summary>
    public static IReadOnlyList<PidEntry> Read(string path) =>
        File.Exists(path) ? [.. File.ReadAllLines(path).Select(PidEntry.TryParse).OfType<PidEntry>()] : [];

    public void Record(PidEntry entry)
    {
        lock (gate)
        {
            entries[entry.Name] = entry;
            File.WriteAllLines(path + ".new", entries.Values.Select(each => each.ToString()));
            File.Move(path + ".new", path, overwrite: true);
        }
    }

    /// <summary>Nothing is left to clean up.</summary>
    public void Delete() => File.Delete(path);
}
