using System.Diagnostics;
using static AppChain.Storage.Tests.TestStore;

namespace AppChain.Storage.Tests;

public sealed class DiskFullTests
{
    private const string Small = "size=8m";
    private const string Larger = "size=64m";

    /// <summary>No reserve: the disk itself refuses, in the middle of a write.</summary>
    private static readonly StoreOptions NoReserve = Options with { DiskReserveBytes = 0 };

    [Theory]
    [InlineData(32 << 20)] // the write-ahead log meets the end of the disk
    [InlineData(128 << 10)] // … or a flush or compaction in the background does
    public void Store_OnAFullDisk_StopsCleanlyAndKeepsWhatItAcknowledged(int writeBufferBytes) => OnASmallDisk(path =>
    {
        ulong acknowledged;
        using (ChainStore store = Open(path, NoReserve with { WriteBufferBytes = writeBufferBytes }))
        {
            StorageException failure = FillUntilRefused(store);
            Assert.Equal(StorageFault.DiskFull, failure.Fault);
            Assert.Contains("The disk is full", failure.Message);
            acknowledged = store.Tip.Height;
            // Nobody knows what reached the disk: no further write is tried. Reads go on.
            Assert.Contains("restart the node", Assert.Throws<StorageException>(() => store.Journal.Append([Bytes("vote")])).Message);
            Assert.Equal($"{acknowledged}", Read(store.Finalised, "a"));
        }
        CheckGoesOnWithMoreSpace(path, acknowledged);
    });

    [Fact]
    public void Store_OpenedOnAFullDisk_SaysSoOrServesWhatItHas() => OnASmallDisk(path =>
    {
        ulong acknowledged;
        using (ChainStore store = Open(path, NoReserve))
        {
            FillUntilRefused(store);
            acknowledged = store.Tip.Height;
        }
        using (FileStream ballast = File.Create(Path.Combine(path, "ballast")))
            Assert.Throws<IOException>(() => FillWithZeros(ballast));
        StorageFault? fault = null;
        try
        {
            using ChainStore store = Open(path, NoReserve);
            Assert.True(store.Tip.Height >= acknowledged);
        }
        catch (StorageException exception)
        {
            fault = exception.Fault;
        }
        Assert.True(fault is null or StorageFault.DiskFull, $"the fault is {fault}");
        File.Delete(Path.Combine(path, "ballast"));
        CheckGoesOnWithMoreSpace(path, acknowledged);
    });

    [Fact]
    public void Store_BelowItsDiskReserve_RefusesBeforeItWritesAndGoesOnWhenThereIsSpace() => OnASmallDisk(path =>
    {
        using ChainStore store = Open(path, Options with { DiskReserveBytes = 2 << 20 });
        StorageException failure = FillUntilRefused(store);
        Assert.Equal(StorageFault.DiskFull, failure.Fault);
        Assert.Contains("2 MiB are kept in reserve", failure.Message);
        ulong acknowledged = store.Tip.Height;
        store.DropBatch(HashOf("batch 1"));
        Assert.False(store.HasBatch(HashOf("batch 1")));

        Assert.True(Run("mount", "-o", $"remount,{Larger}", path));
        store.Commit(NextBlock(store, Put("a", "goes on")));
        Assert.Equal((acknowledged + 1, "goes on"), (store.Tip.Height, Read(store.Finalised, "a")));
    });

    private static void OnASmallDisk(Action<string> test)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Needs root to mount a small disk.");
        string path = Directory.CreateTempSubdirectory("appchain-full-").FullName;
        bool isMounted = false;
        try
        {
            isMounted = Run("mount", "-t", "tmpfs", "-o", Small, "tmpfs", path);
            Assert.SkipUnless(isMounted, "This machine does not allow a mount.");
            test(path);
        }
        finally
        {
            if (isMounted)
                Run("umount", path);
            Directory.Delete(path);
        }
    }

    private static void CheckGoesOnWithMoreSpace(string path, ulong acknowledged)
    {
        Assert.True(acknowledged > 0);
        Assert.True(Run("mount", "-o", $"remount,{Larger}", path));
        using ChainStore store = Open(path, NoReserve);
        Assert.True(store.Tip.Height >= acknowledged);
        Assert.Equal($"{store.Tip.Height}", Read(store.Finalised, "a"));
        store.Commit(NextBlock(store, Put("a", "goes on")));
        Assert.Equal("goes on", Read(store.Finalised, "a"));
    }

    private static StorageException FillUntilRefused(ChainStore store)
    {
        const int BlocksMax = 10_000;
        return Assert.Throws<StorageException>(() =>
        {
            for (int i = 0; i < BlocksMax; i++)
            {
                ulong height = store.Tip.Height + 1;
                store.PutBatch(HashOf($"batch {height}"), CrashWriter.BatchOf(height));
                store.Commit(NextBlock(store, Put("a", $"{height}")));
            }
        });
    }

    private static void FillWithZeros(FileStream file)
    {
        byte[] zeros = new byte[4096];
        while (file.Length < 64 << 20)
        {
            file.Write(zeros);
            file.Flush();
        }
    }

    private static bool Run(string command, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
