using System.Globalization;
using AppChain.Devnet.Processes;

namespace AppChain.Devnet.Chaos;

/// <summary>
/// A file system in memory, mounted on a directory, that can be made full and free again by its size. Only in a mount namespace of this run's own, so that
/// nothing is left mounted however the run ends.
/// </summary>
internal sealed class SmallDisk
{
    /// <summary>Set by <c>devnet/chaos</c> when it has made such a namespace.</summary>
    private const string OwnMounts = "DEVNET_OWN_MOUNTS";

    private readonly string path;

    private SmallDisk(string path) => this.path = path;

    /// <summary>Mounts one on an empty directory. Null where the system allows none.</summary>
    public static async Task<SmallDisk?> TryMountAsync(string path, CancellationToken cancellation)
    {
        if (Environment.GetEnvironmentVariable(OwnMounts) is null)
            return null;
        Directory.CreateDirectory(path);
        Command mount = await Command.RunAsync("mount", ["-t", "tmpfs", "-o", Size(ChaosLimits.SmallDiskBytes), "tmpfs", path], cancellation);
        return mount.ExitCode == 0 ? new SmallDisk(path) : null;
    }

    /// <summary>Leaves less than the store's reserve.</summary>
    public Task FillAsync()
    {
        DriveInfo disk = new(path);
        return ResizeAsync(disk.TotalSize - disk.AvailableFreeSpace + ChaosLimits.FullDiskLeaves);
    }

    public Task FreeAsync() => ResizeAsync(ChaosLimits.SmallDiskBytes);

    private async Task ResizeAsync(long bytes)
    {
        Command mount = await Command.RunAsync("mount", ["-o", "remount," + Size(bytes), path], CancellationToken.None);
        if (mount.ExitCode != 0)
            throw new DevnetException($"the size of the disk at {path} cannot be changed: {mount.Errors}");
    }

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"size={bytes}");
}
