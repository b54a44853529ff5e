using System.Globalization;
using AppChain.Node.Cli;
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

    /// <summary>The one at a height, which may be missing.</summary>
    public SnapshotFolder At(ulong height) => new(System.IO.Path.Combine(Path, height.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The height of the newest; 0 without one.</summary>
    public ulong NewestHeight() => All().Select(HeightOf).DefaultIfEmpty().Max();

    /// <summary>Deletes those that the node made by itself but the newest.</summary>
    public void DropAutomatic(int keep)
    {
        foreach (SnapshotFolder old in All().Where(static snapshot => snapshot.IsAutomatic).OrderByDescending(HeightOf).Skip(keep))
            Directory.Delete(old.Path, recursive: true);
    }

    /// <summary>Whether one more may be made by hand.</summary>
    /// <exception cref="CommandException">There are as many as there may be.</exception>
    public void RequireRoom()
    {
        SnapshotFolder[] byHand = [.. All().Where(static snapshot => !snapshot.IsAutomatic).OrderBy(HeightOf)];
        if (byHand.Length >= SnapshotLimits.ByHandMax)
        {
            throw new CommandException(
                $"{Path} holds {byHand.Length} snapshots that were made by hand, and no more are kept: copy what you want elsewhere (`appchain snapshot export`), "
                + $"and remove one, such as the oldest: `appchain snapshot remove {HeightOf(byHand[0])} --home {home.Path}`.");
        }
    }

    /// <summary>Deletes one.</summary>
    /// <exception cref="CommandException">There is none of that height.</exception>
    public void Remove(ulong height)
    {
        SnapshotFolder found = At(height);
        if (!found.Exists)
            throw new CommandException($"{Path} holds no snapshot of height {height}: `appchain snapshot list --home {home.Path}` shows which it holds.");
        Directory.Delete(found.Path, recursive: true);
    }

    /// <summary>Makes one. It is written beside: at which height it will be is known when the state has been read, and it is whole when it gets its name.</summary>
    public (SnapshotFolder Folder, SnapshotManifest Manifest) Add(Func<SnapshotFolder, SnapshotManifest> write)
    {
        SnapshotFolder growing = new(System.IO.Path.Combine(Path, "growing"));
        if (Directory.Exists(growing.Path))
            Directory.Delete(growing.Path, recursive: true);
        SnapshotManifest manifest = write(growing);
        return (Add(growing, manifest.Height), manifest);
    }

    /// <summary>Takes one that is whole, in place of another of its height.</summary>
    public SnapshotFolder Add(SnapshotFolder whole, ulong height)
    {
        SnapshotFolder final = At(height);
        Directory.CreateDirectory(Path);
        if (Directory.Exists(final.Path))
            Directory.Delete(final.Path, recursive: true);
        Directory.Move(whole.Path, final.Path);
        return final;
    }

    private static ulong HeightOf(SnapshotFolder snapshot) =>
        ulong.TryParse(System.IO.Path.GetFileName(snapshot.Path), NumberStyles.None, CultureInfo.InvariantCulture, out ulong height) ? height : 0;
}
