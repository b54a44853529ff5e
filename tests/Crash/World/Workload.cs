using AppChain.Crash.Disk;
using AppChain.Storage;

namespace AppChain.Crash.World;

/// <summary>What a data directory looks like when it is used again after a crash.</summary>
/// <param name="Problem">What is not as it must be, in a sentence; null if nothing is.</param>
/// <param name="IsRefusal">The store said itself that its data is damaged, and served nothing.</param>
internal readonly record struct Verdict(string? Problem, bool IsRefusal);

/// <summary>Something that writes to a data directory, is cut, and must find its way on.</summary>
internal abstract class Workload
{
    /// <summary>What the directory's name ends with.</summary>
    public virtual string DirectorySuffix => "";

    /// <summary>Goes on in a directory, to an end. What is acknowledged goes into the recording.</summary>
    public abstract void Run(Recorder recorder);

    /// <summary>Starts again after a crash.</summary>
    public Verdict Try(string directory, Promise promise)
    {
        try
        {
            return new Verdict(Problem(directory, promise), IsRefusal: false);
        }
        catch (StorageException refusal) when (refusal.Fault == StorageFault.Corruption)
        {
            return new Verdict($"the store refuses to go on: {refusal.Message}", IsRefusal: true);
        }
    }

    protected abstract string? Problem(string directory, Promise promise);
}
