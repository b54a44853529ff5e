using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AppChain.Devnet.Processes;

/// <summary>Sends a process a signal; the framework itself can only kill.</summary>
internal static partial class Signals
{
    /// <summary>SIGTERM: end in an orderly way.</summary>
    public const int Terminate = 15;

    /// <summary>SIGCONT.</summary>
    public const int Continue = 18;

    /// <summary>SIGSTOP.</summary>
    public const int Stop = 19;

    /// <summary>A process that is gone already is no error; one that was waited for is not signalled, as its number may be another's.</summary>
    public static void Send(Process? process, int signal)
    {
        if (process is { HasExited: false })
            _ = Kill(process.Id, signal);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
