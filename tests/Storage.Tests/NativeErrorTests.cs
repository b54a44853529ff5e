using AppChain.Crypto;
using AppChain.Storage.Native;

namespace AppChain.Storage.Tests;

public sealed class NativeErrorTests
{
    [Fact]
    public void Library_Missing_SaysInOneLineWhatToInstall()
    {
        var exception = Assert.Throws<NativeLibraryMissingException>(() => RocksDbNative.Load(["librocksdb-of-no-system.so.0"]));
        Assert.Contains("apt-get install librocksdb7.8", exception.Message);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void Library_UnderOneOfItsNames_IsFound()
        => Assert.NotEqual(0, RocksDbNative.Load(["librocksdb-of-no-system.so.0", .. RocksDbNative.FileNames]));

    [Theory]
    [InlineData("IO error: lock hold by current process, acquire time 1: /d/LOCK: No locks available", StorageFault.Locked)]
    [InlineData("IO error: While lock file: /d/LOCK: Resource temporarily unavailable", StorageFault.Locked)]
    [InlineData("IO error: While lock file: /d/LOCK: Permission denied", StorageFault.Permission)]
    [InlineData("IO error: No space left on device: While appending to file: /d/1.log: No space left on device", StorageFault.DiskFull)]
    [InlineData("IO error: While open a file for appending: /d/1.log: Permission denied", StorageFault.Permission)]
    [InlineData("Corruption: checksum mismatch in log record", StorageFault.Corruption)]
    [InlineData("IO error: No such file or directory: While open a file for random read: /d/1.sst", StorageFault.Corruption)]
    [InlineData("Invalid argument: Column families not opened: future", StorageFault.OtherChain)]
    [InlineData("IO error: Input/output error: While fsync: /d/1.log", StorageFault.Io)]
    public void Describe_AnErrorOfRocksDb_NamesItsKindPathAndAction(string text, StorageFault expected)
    {
        StorageException exception = NativeError.Describe(text, "/data/node", "cannot write and sync");
        Assert.Equal(expected, exception.Fault);
        Assert.StartsWith("Storage in /data/node: cannot write and sync. ", exception.Message);
        Assert.Contains(text, exception.Message);
    }
}
