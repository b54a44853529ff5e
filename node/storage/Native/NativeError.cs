using System.Runtime.InteropServices;

namespace AppChain.Storage.Native;

/// <summary>Turns RocksDB's error texts into a <see cref="StorageException"/> that says what happened, why, and what to do.</summary>
internal static class NativeError
{
    /// <summary>What to do about damaged data. The journal in it is what keeps a validator from voting twice in a view.</summary>
    internal const string RepairAdvice =
        "Check the disk; then move this directory away and start again: the node fetches the chain from its peers. The record of its own votes goes with the "
        + "directory: do this with one validator at a time, and only when the others have been going on without it for a minute.";

    /// <summary>Throws if RocksDB reported an error, and frees its text.</summary>
    /// <param name="action">What was being done, as in "cannot read column family state".</param>
    public static void Check(nint error, string path, string action)
    {
        if (error == 0)
            return;
        string text = Marshal.PtrToStringUTF8(error) ?? "no reason given";
        RocksDbNative.Free(error);
        throw Describe(text, path, action);
    }

    internal static StorageException HeldByANode(string path, Exception cause) => new(
        StorageFault.Locked, $"An appchain runs on {path}: stop it first, then try again.", cause);

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
