using AppChain.Client;
using AppChain.Crypto;
using AppChain.Node.Driver;
using AppChain.Node.Signer;
using AppChain.Storage;
using Grpc.Core;

namespace AppChain.Node.Cli;

/// <summary>Turns what can be expected to go wrong into one line for the person at the terminal. A bug keeps its stack trace.</summary>
internal static class Refusal
{
    private const int NoSpace = 28;

    /// <summary>The exit code of what is explained: 3 if only a later program can go on, so that whoever restarts services need not try again; else 1.</summary>
    public static int ExitCode(Exception e) => e is UpgradeNeededException ? 3 : 1;

    /// <summary>The sentence, or null when the exception is nothing that a user can act on.</summary>
    public static string? Explain(Exception e) => e switch
    {
        ConfigException or NativeLibraryMissingException or StorageException or KeyFileException or SignerRecordException => e.Message,
        CommandException or UpgradeNeededException => e.Message,
        RpcException { StatusCode: StatusCode.Unavailable } rpc => $"the node cannot be reached: {rpc.Status.Detail}. Is it running? Choose another with --node HOST:PORT.",
        RpcException rpc => $"the node answers {rpc.StatusCode}: {rpc.Status.Detail}",
        // The system's own number of the error is all that tells.
        IOException { HResult: NoSpace } => $"The disk is full: free space or choose a larger disk, then run the same command again. Nothing else is lost. (Cause: {e.Message})",
        UnauthorizedAccessException or IOException => e.Message,
        _ => null,
    };
}

/// <summary>A command cannot be carried out; the message says why and what to do.</summary>
internal sealed class CommandException(string message) : Exception(message);
