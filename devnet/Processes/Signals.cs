using System.Runtime.InteropServices;

namespace AppChain.Devnet.Processes;

/// <summary>Asks a process to end in an orderly way; the framework itself can only kill.</summary>
internal static partial class Signals
{
    private const int Terminate = 15;

    /// <summary>Sends SIGTERM. A process that is gone already is no error.</summary>
    public static void SendTerminate(int pid) => _ = Kill(pid, Terminate);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
