using System.Diagnostics;

namespace AppChain.Grpc.Tests;

/// <summary>Processes of programs that others wrote.</summary>
static class StockProcess
{
    public static Process Start(string program, (string Name, string Value)? variable, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        if (variable is var (name, value)) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Waits for a process to end, bounded; kills it when it does not.</summary>
    public static async Task<(int Code, string Output)> RunAsync(Process process, TimeSpan? bound = null)
    {
        using (process)
        {
            try
            {
                var output = process.StandardOutput.ReadToEndAsync();
                var errors = process.StandardError.ReadToEndAsync();
                await process.WaitForExitAsync().WaitAsync(bound ?? Bounded.Wait, TestContext.Current.CancellationToken);
                return (process.ExitCode, await output + await errors);
            }
            finally
            {
                if (!process.HasExited) process.Kill();
            }
        }
    }

    /// <summary>Ends a server that serves until its standard input ends.</summary>
    public static async Task StopAsync(Process process)
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync().Soon();
        process.Dispose();
    }
}
