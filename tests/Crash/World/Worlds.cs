using System.Globalization;
using AppChain.Crash.Disk;

namespace AppChain.Crash.World;

/// <summary>
/// What histories are made of: the chain, a snapshot of one, and directories for what is tried, each gone after its try; in memory where
/// the system has room there. Any thread.
/// </summary>
internal sealed class Worlds : IDisposable
{
    private const string InMemory = "/dev/shm";
    private const long RoomMin = 2L << 30;
    private const int ImportEvery = 8;

    private readonly string path;
    private readonly string kept;
    private readonly ChainMaker maker = new();
    private readonly MadeSnapshot snapshot;
    private int made;

    /// <param name="kept">Where the disks of failed points stay.</param>
    public Worlds(string kept)
    {
        this.kept = kept;
        path = Directory.Exists(InMemory) && new DriveInfo(InMemory).AvailableFreeSpace > RoomMin
            ? Directory.CreateDirectory(Path.Combine(InMemory, $"appchain-crash-{Guid.NewGuid():N}")).FullName
            : Directory.CreateTempSubdirectory("appchain-crash-").FullName;
        snapshot = MadeSnapshot.Make(maker, Path.Combine(path, "snapshot"));
    }

    /// <summary>What a history does: most of them the work of a store, some the import of a snapshot.</summary>
    public Workload Workload(int seed, Attempts attempts, Random random) => seed % ImportEvery == ImportEvery - 1
        ? new ImportWorkload(maker, snapshot, random)
        : new StoreWorkload(maker, attempts, random);

    /// <summary>A new directory with what an image holds.</summary>
    public string Make(DiskImage image, string suffix)
    {
        string directory = Path.Combine(path, Interlocked.Increment(ref made).ToString(CultureInfo.InvariantCulture) + suffix);
        image.WriteTo(directory);
        return directory;
    }

    /// <summary>Removes a directory, and the one that an import made of it.</summary>
    public void Remove(string directory, string suffix)
    {
        foreach (string each in (string[])[directory, directory[..^suffix.Length]])
        {
            if (Directory.Exists(each))
                Directory.Delete(each, recursive: true);
        }
    }

    /// <summary>Starts again on what a crash left.</summary>
    public Verdict Try(Workload workload, DiskImage left, Promise promise)
    {
        string directory = Make(left, workload.DirectorySuffix);
        Verdict verdict = workload.Try(directory, promise);
        Remove(directory, workload.DirectorySuffix);
        return verdict;
    }

    /// <summary>Keeps what a crash left, so that it can be looked at again. Returns the folder.</summary>
    public string Keep(Evidence evidence, DiskImage left)
    {
        string folder = Path.Combine(kept, $"{evidence.Seed}-{evidence.Number}");
        left.WriteTo(Path.Combine(folder, "data"));
        evidence.Save(folder);
        return folder;
    }

    /// <summary>Judges a kept point again, on a copy.</summary>
    public (Evidence Evidence, Verdict Verdict) Again(string folder)
    {
        Evidence evidence = Evidence.Load(folder);
        Workload workload = Workload(evidence.Seed, evidence.Attempts, new Random(evidence.Seed));
        return (evidence, Try(workload, DiskImage.Read(Path.Combine(folder, "data")), evidence.Promise));
    }

    public void Dispose() => Directory.Delete(path, recursive: true);
}
