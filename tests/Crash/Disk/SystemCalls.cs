using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using AppChain.Storage.Native;

namespace AppChain.Crash.Disk;

/// <summary>
/// Stands between RocksDB and the kernel: what it writes below a watched directory is told to a <see cref="Recorder"/>, in the order in
/// which the kernel got it. Nothing is really synced in this process: what a sync promises is what the recorder knows.
/// </summary>
internal static unsafe class SystemCalls
{
    private const int CreateFlag = 0x40, TruncateFlag = 0x200, AppendFlag = 0x400, WriteFlags = 3;

    private static readonly ConcurrentDictionary<string, Recorder> Watched = new();
    private static readonly ConcurrentDictionary<int, Recorder> Open = new();
    private static readonly Lazy<bool> Installed = new(Install);

    private static delegate* unmanaged<byte*, int, int, int> open;
    private static delegate* unmanaged<int, int> close;
    private static delegate* unmanaged<int, byte*, nint, nint> write;
    private static delegate* unmanaged<int, byte*, nint, long, nint> positionedWrite;
    private static delegate* unmanaged<int, long, int> truncate;
    private static delegate* unmanaged<byte*, byte*, int> rename;
    private static delegate* unmanaged<byte*, int> unlink;

    /// <summary>Whether this system is one whose libraries we know how to watch.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    /// <summary>Begins to tell a recorder what happens below its directory.</summary>
    public static void Watch(Recorder recorder)
    {
        _ = Installed.Value;
        Watched[recorder.Root] = recorder;
    }

    /// <summary>Ends it. Every file there is closed by now.</summary>
    public static void Unwatch(Recorder recorder) => Watched.TryRemove(recorder.Root, out _);

    private static bool Install()
    {
        nint libc = NativeLibrary.Load("libc.so.6");
        open = (delegate* unmanaged<byte*, int, int, int>)NativeLibrary.GetExport(libc, "open");
        close = (delegate* unmanaged<int, int>)NativeLibrary.GetExport(libc, "close");
        write = (delegate* unmanaged<int, byte*, nint, nint>)NativeLibrary.GetExport(libc, "write");
        positionedWrite = (delegate* unmanaged<int, byte*, nint, long, nint>)NativeLibrary.GetExport(libc, "pwrite");
        truncate = (delegate* unmanaged<int, long, int>)NativeLibrary.GetExport(libc, "ftruncate");
        rename = (delegate* unmanaged<byte*, byte*, int>)NativeLibrary.GetExport(libc, "rename");
        unlink = (delegate* unmanaged<byte*, int>)NativeLibrary.GetExport(libc, "unlink");
        HashSet<string> ofRocks = ImportTable.Replace(RocksDbNative.Load(RocksDbNative.FileNames), new Dictionary<string, nint>
        {
            ["open"] = (nint)(delegate* unmanaged<byte*, int, int, int>)&OnOpen,
            ["close"] = (nint)(delegate* unmanaged<int, int>)&OnClose,
            ["write"] = (nint)(delegate* unmanaged<int, byte*, nint, nint>)&OnWrite,
            ["pwrite"] = (nint)(delegate* unmanaged<int, byte*, nint, long, nint>)&OnPositionedWrite,
            ["ftruncate"] = (nint)(delegate* unmanaged<int, long, int>)&OnTruncate,
            ["rename"] = (nint)(delegate* unmanaged<byte*, byte*, int>)&OnRename,
            ["unlink"] = (nint)(delegate* unmanaged<byte*, int>)&OnUnlink,
            ["fsync"] = (nint)(delegate* unmanaged<int, int>)&OnSync,
            ["fdatasync"] = (nint)(delegate* unmanaged<int, int>)&OnSync,
        });
        // The durable mark is written by the framework.
        HashSet<string> ofFramework = ImportTable.Replace(
            NativeLibrary.Load(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "libSystem.Native.so")),
            new Dictionary<string, nint>
            {
                ["pwrite"] = (nint)(delegate* unmanaged<int, byte*, nint, long, nint>)&OnPositionedWrite,
                ["pwrite64"] = (nint)(delegate* unmanaged<int, byte*, nint, long, nint>)&OnPositionedWrite,
            });
        // A library that does its work by other functions than we know would look as if it wrote nothing.
        return ofRocks.Count == 9 && ofFramework.Count > 0
            ? true
            : throw new NotSupportedException($"RocksDB calls {string.Join(' ', ofRocks)}: not all of the functions that are watched");
    }

    [UnmanagedCallersOnly]
    private static int OnOpen(byte* path, int flags, int mode)
    {
        (Recorder? recorder, string name) = Find(path);
        if (recorder is null)
            return open(path, flags, mode);
        lock (recorder.Gate)
        {
            int file = open(path, flags, mode);
            int error = Marshal.GetLastSystemError();
            if (file >= 0)
            {
                Open[file] = recorder;
                if ((flags & WriteFlags) != 0)
                    recorder.OnOpen(file, name, (flags & (CreateFlag | TruncateFlag)) == (CreateFlag | TruncateFlag), (flags & AppendFlag) != 0);
                else
                    recorder.OnOpenToRead(file, name);
            }
            Marshal.SetLastSystemError(error);
            return file;
        }
    }

    [UnmanagedCallersOnly]
    private static int OnClose(int file)
    {
        if (Open.TryRemove(file, out Recorder? recorder))
        {
            lock (recorder.Gate)
                recorder.OnClose(file);
        }
        return close(file);
    }

    [UnmanagedCallersOnly]
    private static nint OnWrite(int file, byte* bytes, nint length)
    {
        if (!Open.TryGetValue(file, out Recorder? recorder))
            return write(file, bytes, length);
        lock (recorder.Gate)
        {
            nint written = write(file, bytes, length);
            int error = Marshal.GetLastSystemError();
            if (written > 0)
                recorder.OnWrite(file, new ReadOnlySpan<byte>(bytes, (int)written));
            Marshal.SetLastSystemError(error);
            return written;
        }
    }

    [UnmanagedCallersOnly]
    private static nint OnPositionedWrite(int file, byte* bytes, nint length, long offset)
    {
        if (FindMark(file) is not { } recorder)
            return positionedWrite(file, bytes, length, offset);
        lock (recorder.Gate)
        {
            nint written = positionedWrite(file, bytes, length, offset);
            int error = Marshal.GetLastSystemError();
            if (written > 0)
                recorder.OnMark(new ReadOnlySpan<byte>(bytes, (int)written), offset);
            Marshal.SetLastSystemError(error);
            return written;
        }
    }

    [UnmanagedCallersOnly]
    private static int OnTruncate(int file, long length)
    {
        if (!Open.TryGetValue(file, out Recorder? recorder))
            return truncate(file, length);
        lock (recorder.Gate)
        {
            recorder.OnTruncate(file, length);
            return truncate(file, length);
        }
    }

    [UnmanagedCallersOnly]
    private static int OnRename(byte* from, byte* to)
    {
        (Recorder? recorder, string name) = Find(from);
        if (recorder is null)
            return rename(from, to);
        lock (recorder.Gate)
        {
            recorder.OnRename(name, Find(to).Name);
            return rename(from, to);
        }
    }

    [UnmanagedCallersOnly]
    private static int OnUnlink(byte* path)
    {
        (Recorder? recorder, string name) = Find(path);
        if (recorder is null)
            return unlink(path);
        lock (recorder.Gate)
        {
            recorder.OnUnlink(name);
            return unlink(path);
        }
    }

    [UnmanagedCallersOnly]
    private static int OnSync(int file)
    {
        if (Open.TryGetValue(file, out Recorder? recorder))
        {
            lock (recorder.Gate)
                recorder.OnSync(file);
        }
        return 0;
    }

    // The framework opens the mark, so that its descriptor is not known: its name is.
    private static Recorder? FindMark(int file)
    {
        if (Watched.IsEmpty || new FileInfo($"/proc/self/fd/{file}").LinkTarget is not { } path)
            return null;
        return Path.GetFileName(path) == DiskImage.MarkFile ? Watched.GetValueOrDefault(Path.GetDirectoryName(path)!) : null;
    }

    private static (Recorder? Recorder, string Name) Find(byte* path)
    {
        string full = Marshal.PtrToStringUTF8((nint)path)!;
        foreach ((string root, Recorder recorder) in Watched)
        {
            if (full.StartsWith(root, StringComparison.Ordinal) && full.Length > root.Length && full[root.Length] == '/')
                return (recorder, full[(root.Length + 1)..]);
        }
        return (null, full);
    }
}
