using System.Globalization;
using AppChain.Ledger;
using AppChain.Node.Cli;
using AppChain.Node.Driver;
using AppChain.Protos.V1;
using AppChain.Storage;
using Google.Protobuf;

namespace AppChain.Node.Snapshots;

/// <summary>A snapshot as files: <c>manifest</c>, <c>validators</c>, <c>block</c>, <c>chunks/000000</c> … The manifest is written last: a folder with one is whole.</summary>
internal sealed class SnapshotFolder(string path)
{
    private const string ManifestName = "manifest";
    private const string DraftName = "manifest.draft";
    private const string ValidatorsName = "validators";
    private const string BlockName = "block";
    private const string AutomaticName = "automatic";

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public bool Exists => File.Exists(ManifestFile);

    /// <summary>Whether the node made it by itself, and may delete it.</summary>
    public bool IsAutomatic => File.Exists(System.IO.Path.Combine(Path, AutomaticName));

    public void MarkAutomatic() => Write(AutomaticName, []);

    /// <summary>A part as it lies there; null if it is not. It can be read to its end also if it is deleted meanwhile.</summary>
    public FileStream? OpenPart(SnapshotPart part, int chunk)
    {
        string? name = part switch
        {
            SnapshotPart.Manifest => ManifestName,
            SnapshotPart.Validators => ValidatorsName,
            SnapshotPart.Block => BlockName,
            SnapshotPart.Chunk => ChunkName(chunk),
            _ => null,
        };
        if (name is null || !Exists)
            return null;
        try
        {
            return new FileStream(System.IO.Path.Combine(Path, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The manifest of a snapshot that is not whole yet; null if there is none.</summary>
    public byte[]? ReadDraft() => File.Exists(System.IO.Path.Combine(Path, DraftName)) ? Read(DraftName, SnapshotLimits.ManifestBytesMax) : null;

    public void WriteDraft(ReadOnlySpan<byte> manifest) => Write(DraftName, manifest);

    /// <summary>All of it is there: the draft is its manifest.</summary>
    public void Complete() => File.Move(System.IO.Path.Combine(Path, DraftName), ManifestFile, overwrite: true);

    /// <summary>Whether a chunk is there.</summary>
    public bool HasChunk(int index) => File.Exists(System.IO.Path.Combine(Path, ChunkName(index)));

    private string ManifestFile => System.IO.Path.Combine(Path, ManifestName);

    public SnapshotManifest ReadManifest(out byte[] bytes)
    {
        if (!Exists)
            throw new CommandException($"{Path} is no snapshot: it has no manifest. Make one with `appchain snapshot create`.");
        bytes = Read(ManifestName, SnapshotLimits.ManifestBytesMax);
        try
        {
            return SnapshotManifest.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            throw new CommandException($"{ManifestFile} is damaged: copy the snapshot again.");
        }
    }

    public byte[] ReadBlock() => Read(BlockName, SnapshotLimits.BlockBytesMax);

    public byte[] ReadChunk(int index) => Read(ChunkName(index), SnapshotLimits.PackedBytesMax);

    /// <summary>The chain's validators from the genesis to those who decide about the snapshot. A snapshot without that file is of a chain whose never changed.</summary>
    /// <exception cref="CommandException">A change among them is not to be believed.</exception>
    public ValidatorHistory ReadValidators(Genesis genesis)
    {
        ValidatorHistory validators = new(genesis);
        if (!File.Exists(System.IO.Path.Combine(Path, ValidatorsName)))
            return validators;
        return validators.Append(Read(ValidatorsName, SnapshotLimits.ValidatorsBytesMax)) is { } problem
            ? throw new CommandException($"the snapshot's file \"{ValidatorsName}\" is refused: {problem}. Copy it again, or get the snapshot from somebody else.")
            : validators;
    }

    public void WriteValidators(ReadOnlySpan<byte> encoded) => Write(ValidatorsName, encoded);

    public void WriteValidators(IReadOnlyList<StoredValidatorChange> changes)
    {
        ValidatorChanges all = new();
        all.Changes.AddRange(changes.Select(static change => ValidatorChange.Parser.ParseFrom(change.Bytes.Span)));
        WriteValidators(all.ToByteArray());
    }

    public void Write(SnapshotManifest manifest) => Write(ManifestName, manifest.ToByteArray());

    public void WriteBlock(ReadOnlySpan<byte> bytes) => Write(BlockName, bytes);

    public void WriteChunk(int index, ReadOnlySpan<byte> packed) => Write(ChunkName(index), packed);

    /// <summary>The file of a chunk, for messages.</summary>
    public static string ChunkName(int index) => string.Create(CultureInfo.InvariantCulture, $"chunks/{index:D6}");

    // Written beside and renamed, so that a file with its own name is never half of one.
    private void Write(string name, ReadOnlySpan<byte> bytes)
    {
        string file = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        using (FileStream stream = new(file + ".part", FileMode.Create))
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }
        File.Move(file + ".part", file, overwrite: true);
    }

    private byte[] Read(string name, int lengthMax)
    {
        FileInfo file = new(System.IO.Path.Combine(Path, name));
        if (!file.Exists)
            throw new CommandException($"{file.FullName} is missing: copy the snapshot again.");
        if (file.Length > lengthMax)
            throw new CommandException($"{file.FullName} is damaged: it is larger than {lengthMax} bytes. Copy it again.");
        return File.ReadAllBytes(file.FullName);
    }
}
