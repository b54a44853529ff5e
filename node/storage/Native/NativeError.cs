using System.Runtime.InteropServices;

namespace AppChain.Storage.Native;

/// <summary>Turns RocksDB's error texts into a <see cref="StorageException"/> that says what happened, why, and what to do.</summary>
internal static class NativeError
{
    /// <summary>
    /// What to do about damaged data. The journal in it holds a validator's own votes; the host's signer record, which is kept elsewhere,
    /// holds those that still matter once more.
    /// </summary>
    internal const string RepairAdvice =
        "Check the disk; then move this directory away, leave the signer record (signer/record in the node's home) where it is, and start again: "
        + "the node fetches the chain from its peers, and the record keeps it from contradicting the votes that were lost. "
        + "Do this with less than a third of the validators at a time: the others must have the chain.";

    /// <summary>Throws if RocksDB reported an error, and frees its text.</summary>
    /// <param name="action">What was being done, as in "cannot read column family state".</param>
    public static void Check(nint error, string path, string action)
    {
        if (error != 0)
            throw Take(error, path, action);
    }

    /// <summary>The exception for a reported error, whose text is freed.</summary>
    public static StorageException Take(nint error, string path, string action)
    {
        string text = Marshal.PtrToStringUTF8(error) ?? "no reason given";
        RocksDbNative.Free(error);
        return Describe(text, path, action);
    }

    /// <summary>Why a directory cannot be opened to read it.</summary>
    internal static StorageException CannotRead(string path, Exception cause) => cause switch
    {
        FileNotFoundException or DirectoryNotFoundException => new StorageException(
            StorageFault.NotFound, $"{path} is no data directory: it has no file `synced`. A node's is the folder `data` in its home.", cause),
        UnauthorizedAccessException => new StorageException(
            StorageFault.Permission, $"This user may not read {path}: run as the user that runs appchain.", cause),
        _ => new StorageException(StorageFault.Locked, $"An appchain runs on {path}: stop it first, then try again. (Cause: {cause.Message})", cause),
    };

    internal static StorageException Describe(string text, string path, string action)
    {
        StorageFault fault = Classify(text);
        return new StorageException(fault, $"Storage in {path}: {action}. {Advice(fault)} (Cause: {text.TrimEnd()})");
    }

    private static StorageFault Classify(string text)
    {
        // RocksDB has a code for some of these only; the text carries the system's own message for all.
        bool Has(string part) => text.Contains(part, StringComparison.Ordinal);
        if (Has("Permission denied") || Has("Read-only file system"))
            return StorageFault.Permission;
        if (Has("lock hold by current process") || Has("While lock file"))
            return StorageFault.Locked;
        if (Has("No space left on device") || Has("Disk quota exceeded"))
            return StorageFault.DiskFull;
        if (Has("olumn families not opened"))
            return StorageFault.OtherChain;
        // A file that RocksDB's manifest names and that is not there is damage too.
        return text.StartsWith("Corruption", StringComparison.Ordinal) || Has("No such file or directory")
            ? StorageFault.Corruption
            : StorageFault.Io;
    }

    private static string Advice(StorageFault fault) => fault switch
    {
        StorageFault.Locked => "Another appchain runs on this data directory: stop it, or give this one a directory of its own.",
        StorageFault.DiskFull => "The disk is full: free space or move the directory to a larger disk, then start again. "
            + "Nothing acknowledged is lost.",
        StorageFault.Permission => "This user may not write there: give the directory to the user that runs appchain, "
            + "or choose another one.",
        StorageFault.OtherChain => "It was written by a newer version of appchain: run that version, or choose another directory.",
        StorageFault.Corruption => $"The data is damaged. {RepairAdvice}",
        _ => "The disk failed to read or write: check it and the system's log, then start again.",
    };
}
