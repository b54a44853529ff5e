using AppChain.Crash.World;

namespace AppChain.Crash.Disk;

/// <summary>
/// What happens to the files of one data directory. RocksDB only ever appends, and syncs names by its one directory; anything else would
/// make the recording untrue, and stops the process.
/// </summary>
internal sealed class Recorder(string root, DiskImage before)
{
    private readonly Dictionary<string, int> fileOfName = before.Names.ToDictionary();
    private readonly Dictionary<int, int> fileOfDescriptor = [];
    private readonly HashSet<int> directories = [];
    private readonly Dictionary<int, long> lengths = before.Files.ToDictionary(static file => file.Key, static file => (long)file.Value.Length);
    private readonly List<DiskEvent> events = [];
    private int files = before.NextFile;

    /// <summary>The data directory.</summary>
    public string Root { get; } = root;

    /// <summary>Held while the kernel does something and while it is noted, so that both have one order.</summary>
    public Lock Gate { get; } = new();

    /// <summary>What happened. Read it when all files are closed.</summary>
    public IReadOnlyList<DiskEvent> Events => events;

    /// <summary>The store said that something is done.</summary>
    public void Acknowledge(Action<Promise> apply)
    {
        lock (Gate)
            events.Add(new DiskEvent.Acknowledge(apply));
    }

    public void OnOpen(int descriptor, string name, bool isNew, bool appends)
    {
        // The lock file says nothing: the kernel's lock dies with the process.
        if (isNew || !fileOfName.TryGetValue(name, out int file))
        {
            file = files++;
            fileOfName[name] = file;
            lengths[file] = 0;
            events.Add(new DiskEvent.Create(name, file));
        }
        else if (!appends && lengths[file] > 0)
        {
            throw new InvalidOperationException($"{name} is opened to be overwritten: the model knows files that grow only");
        }
        fileOfDescriptor[descriptor] = file;
    }

    public void OnOpenToRead(int descriptor, string name)
    {
        if (name == DiskImage.DatabaseDirectory)
            directories.Add(descriptor);
    }

    public void OnClose(int descriptor)
    {
        directories.Remove(descriptor);
        fileOfDescriptor.Remove(descriptor);
    }

    public void OnWrite(int descriptor, ReadOnlySpan<byte> bytes)
    {
        int file = fileOfDescriptor[descriptor];
        lengths[file] += bytes.Length;
        events.Add(new DiskEvent.Append(file, bytes.ToArray()));
    }

    public void OnMark(ReadOnlySpan<byte> bytes, long offset)
    {
        if (offset != 0)
            throw new InvalidOperationException("the mark is written as a whole");
        events.Add(new DiskEvent.Mark(bytes.ToArray()));
    }

    /// <summary>A file that is closed gives back what was reserved for it beyond its end.</summary>
    public void OnTruncate(int descriptor, long length)
    {
        if (length != lengths[fileOfDescriptor[descriptor]])
            throw new InvalidOperationException("a file is cut: the model knows files that grow only");
    }

    public void OnRename(string from, string to)
    {
        // Not RocksDB's text log, which it writes by other functions and nobody reads again.
        if (!fileOfName.Remove(from, out int file))
            return;
        fileOfName[to] = file;
        events.Add(new DiskEvent.Rename(from, to));
    }

    public void OnUnlink(string name)
    {
        if (fileOfName.Remove(name))
            events.Add(new DiskEvent.Unlink(name));
    }

    public void OnSync(int descriptor)
    {
        if (directories.Contains(descriptor))
            events.Add(new DiskEvent.SyncNames());
        else if (fileOfDescriptor.TryGetValue(descriptor, out int file))
            events.Add(new DiskEvent.Sync(file));
    }
}
