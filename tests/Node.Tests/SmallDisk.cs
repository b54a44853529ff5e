using System.Diagnostics;

namespace Node.Tests;

/// <summary>A file system of its own in memory, mounted on a directory, that a test can fill. Skips the test where that is not allowed.</summary>
internal sealed class SmallDisk : IDisposable
{
    /// <summary>The store's reserve is 256 MiB, and an import's log takes 141 MiB in advance: a disk that they work on is larger.</summary>
    public const long Bytes = 640L << 20;

    private readonly string ballast;

    /// <summary>Mounts it; what the directory holds goes along.</summary>
    public SmallDisk(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Needs root to mount a small disk.");
        Path = path;
        ballast = System.IO.Path.Combine(path, "ballast");
        Directory.CreateDirectory(path);
        string aside = path + ".aside";
        Assert.SkipUnless(Run("cp", "-a", path, aside) && Run("mount", "-t", "tmpfs", "-o", $"size={Bytes}", "tmpfs", path), "This machine does not allow a mount.");
        Assert.True(Run("cp", "-a", aside + "/.", path));
        Directory.Delete(aside, recursive: true);
    }

    public string Path { get; }

    /// <summary>Leaves so many bytes free.</summary>
    public void Leave(long bytes)
    {
        Free();
        using FileStream file = new(ballast, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            PreallocationSize = new DriveInfo(Path).AvailableFreeSpace - bytes,
        });
        Assert.InRange(new DriveInfo(Path).AvailableFreeSpace, 0, bytes);
    }

    /// <summary>Frees what was taken.</summary>
    public void Free() => File.Delete(ballast);

    /// <summary>Unmounts it; what it held is gone.</summary>
    public void Dispose() => Assert.True(Run("umount", Path));

    private static bool Run(string command, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
