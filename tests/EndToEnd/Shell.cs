using System.Diagnostics;

namespace AppChain.EndToEnd;

/// <summary>What a finished command said.</summary>
internal sealed record Finished(int ExitCode, string Output, string Errors);

/// <summary>Runs commands to their end, and sends signals.</summary>
internal static class Shell
{
    public static async Task<Finished> RunAsync(string file, IEnumerable<string> arguments, TimeSpan within)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource bound = new(within);
        try
        {
            await process.WaitForExitAsync(bound.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{file} took longer than {within}: {await output}{await errors}");
        }
        return new Finished(process.ExitCode, await output, await errors);
    }

    /// <param name="signal">KILL, STOP, CONT, INT, TERM.</param>
    public static async Task SignalAsync(int pid, string signal)
    {
        Finished kill = await RunAsync(
            "/bin/kill", ["-" + signal, pid.ToString(System.Globalization.CultureInfo.InvariantCulture)], TimeSpan.FromSeconds(5));
        Assert.True(kill.ExitCode == 0, kill.Errors);
    }
}
