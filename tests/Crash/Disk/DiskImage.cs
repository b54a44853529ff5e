namespace AppChain.Crash.Disk;

/// <summary>A file's bytes, of which the first <see cref="Synced"/> survive a power cut for certain.</summary>
internal sealed class FileContent
{
    private byte[] bytes = [];

    public int Length { get; private set; }

    public int Synced { get; set; }

    public ReadOnlySpan<byte> Bytes => bytes.AsSpan(0, Length);

    public void Append(ReadOnlySpan<byte> more)
    {
        if (Length + more.Length > bytes.Length)
            Array.Resize(ref bytes, Math.Max(2 * bytes.Length, Length + more.Length));
        more.CopyTo(bytes.AsSpan(Length));
        Length += more.Length;
    }

    public FileContent Clone() => Of(Bytes, Synced);

    public static FileContent Of(ReadOnlySpan<byte> bytes, int synced)
    {
        FileContent file = new();
        file.Append(bytes);
        file.Synced = synced;
        return file;
    }
}

/// <summary>
/// The disk of one data directory: what the kernel was told, and what of it is on disk for certain. The directory itself and its
/// folder <c>db</c> are taken to be there.
/// </summary>
internal sealed class DiskImage
{
    /// <summary>RocksDB's directory in a data directory.</summary>
    public const string DatabaseDirectory = "db";

    /// <summary>The durable mark.</summary>
    public const string MarkFile = "synced";

    private readonly Dictionary<string, int> names = [];
    private readonly Dictionary<int, FileContent> files = [];

    // Names since the directory was last synced: journalling file systems keep the order of these.
    private readonly List<DiskEvent> namesUnderWay = [];
    private readonly List<byte[]> marks = [];
    private Dictionary<string, int> syncedNames = [];

    public IReadOnlyDictionary<string, int> Names => names;

    public IReadOnlyDictionary<int, FileContent> Files => files;

    /// <summary>A number that no file has had.</summary>
    public int NextFile { get; private set; } = 1;

    public void Apply(DiskEvent happened)
    {
        switch (happened)
        {
            case DiskEvent.Create create:
                files[create.File] = new FileContent();
                NextFile = Math.Max(NextFile, create.File + 1);
                ApplyName(names, create);
                namesUnderWay.Add(create);
                break;
            case DiskEvent.Rename or DiskEvent.Unlink:
                ApplyName(names, happened);
                namesUnderWay.Add(happened);
                break;
            case DiskEvent.Append append:
                files[append.File].Append(append.Bytes);
                break;
            case DiskEvent.Mark mark:
                marks.Add(mark.Bytes);
                break;
            case DiskEvent.Sync sync:
                files[sync.File].Synced = files[sync.File].Length;
                break;
            case DiskEvent.SyncNames:
                syncedNames = names.ToDictionary();
                namesUnderWay.Clear();
                break;
        }
    }

    public DiskImage Clone()
    {
        DiskImage clone = new() { NextFile = NextFile, syncedNames = syncedNames.ToDictionary() };
        foreach ((string name, int file) in names)
            clone.names[name] = file;
        foreach ((int number, FileContent file) in files)
            clone.files[number] = file.Clone();
        clone.namesUnderWay.AddRange(namesUnderWay);
        clone.marks.AddRange(marks);
        return clone;
    }

    /// <summary>What is there after a power cut: all that was synced, and of the rest whatever chance leaves.</summary>
    public DiskImage AfterPowerCut(Random random, Tails tails)
    {
        DiskImage left = new() { NextFile = NextFile };
        foreach ((string name, int file) in syncedNames)
            left.names[name] = file;
        foreach (DiskEvent happened in namesUnderWay.Take(random.Next(namesUnderWay.Count + 1)))
            ApplyName(left.names, happened);
        foreach ((string name, int file) in left.names)
            left.files[file] = tails.Left(name, files[file], random);
        left.syncedNames = left.names.ToDictionary();
        if (random.Next(marks.Count + 1) is > 0 and var chosen)
            left.marks.Add(marks[chosen - 1]);
        return left;
    }

    /// <summary>What a directory holds, all of it on disk.</summary>
    public static DiskImage Read(string directory)
    {
        DiskImage image = new();
        foreach (string path in Directory.EnumerateFiles(Path.Combine(directory, DatabaseDirectory)))
        {
            byte[] bytes = File.ReadAllBytes(path);
            image.names[Path.GetRelativePath(directory, path)] = image.NextFile;
            image.files[image.NextFile++] = FileContent.Of(bytes, bytes.Length);
        }
        image.syncedNames = image.names.ToDictionary();
        if (File.Exists(Path.Combine(directory, MarkFile)))
            image.marks.Add(File.ReadAllBytes(Path.Combine(directory, MarkFile)));
        return image;
    }

    /// <summary>Makes the files, in an empty directory.</summary>
    public void WriteTo(string directory)
    {
        Directory.CreateDirectory(Path.Combine(directory, DatabaseDirectory));
        foreach ((string name, int file) in names)
            File.WriteAllBytes(Path.Combine(directory, name), files[file].Bytes);
        if (marks.Count > 0)
            File.WriteAllBytes(Path.Combine(directory, MarkFile), marks[^1]);
    }

    private static void ApplyName(Dictionary<string, int> names, DiskEvent happened)
    {
        switch (happened)
        {
            case DiskEvent.Create create:
                names[create.Name] = create.File;
                break;
            case DiskEvent.Rename rename:
                names.Remove(rename.From, out int file);
                names[rename.To] = file;
                break;
            case DiskEvent.Unlink unlink:
                names.Remove(unlink.Name);
                break;
        }
    }
}
