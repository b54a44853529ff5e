using System.Globalization;
using AppChain.Protos.V1;

namespace AppChain.Node.Snapshots;

/// <summary>The snapshots in a node's home, each in a folder named by its height.</summary>
internal sealed class SnapshotShelf(NodeHome home)
{
    /// <summary>Where they are.</summary>
    public string Path => home.SnapshotsDirectory;

    /// <summary>All that are whole.</summary>
    public IReadOnlyList<SnapshotFolder> All() => Directory.Exists(Path)
        ? [.. Directory.GetDirectories(Path).Select(folder => new SnapshotFolder(folder)).Where(static snapshot => snapshot.Exists)]
        : [];

    /// <summary>Makes one. It is written beside: at which height it will be is known when the state has been read, and it is whole when it gets its name.</summary>
    public (SnapshotFolder Folder, SnapshotManifest Manifest) Add(Func<SnapshotFolder, SnapshotManifest> write)
    {
        SnapshotFolder growing = new(System.IO.Path.Combine(Path, "growing"));
        if (Directory.Exists(growing.Path))
            Directory.Delete(growing.Path, recursive: true);
        SnapshotManifest manifest = write(growing);
        string final = System.IO.Path.Combine(Path, manifest.Height.ToString(CultureInfo.InvariantCulture));
        if (Directory.Exists(final))
            Directory.Delete(final, recursive: true);
        Directory.Move(growing.Path, final);
        return (new SnapshotFolder(final), manifest);
    }
}
