namespace AppChain.EndToEnd;

/// <summary>The command line, run as a person would.</summary>
internal static class AppChainCommand
{
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(40);

    /// <summary>Runs to its end; fails when the exit code is another.</summary>
    public static async Task<Finished> RunAsync(int expected, params string[] arguments)
    {
        Finished run = await Shell.RunAsync(Repository.Node, arguments, EndMax);
        Assert.True(run.ExitCode == expected, $"appchain {string.Join(' ', arguments)}\nexit code {run.ExitCode}: {run.Output}{run.Errors}");
        return run;
    }
}
