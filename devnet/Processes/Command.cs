using System.Diagnostics;

namespace AppChain.Devnet.Processes;

/// <summary>A program that was run to its end, and what it said.</summary>
internal sealed record Command(int ExitCode, string Output, string Errors)
{
    public static async Task<Command> RunAsync(string executable, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        ProcessStartInfo start = new(executable, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("the system started no process");
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation);
        string errors = await process.StandardError.ReadToEndAsync(cancellation);
        string said = await output;
        await process.WaitForExitAsync(cancellation);
        return new Command(process.ExitCode, said.Trim(), errors.Trim());
    }
}
