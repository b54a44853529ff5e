using System.Globalization;
using AppChain.Devnet.Chain;
using AppChain.Devnet.Processes;

namespace AppChain.Devnet.Chaos;

/// <summary>What the stopped validators left: sound data, a whole signer record, and logs without contradictions or crashes.</summary>
internal sealed class HomeChecks(DevnetDirectory directory, string nodeExecutable)
{
    // What a node says when it holds two votes of one key that exclude each other, and what the runtime says of a bug.
    private static readonly string[] Alarming = ["contradicted itself", "Unhandled exception", "InvariantException"];

    /// <summary>Sentences on what does not hold.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellation)
    {
        List<string> failures = [];
        for (int validator = 0; validator < directory.Layout.Validators; validator++)
        {
            string home = directory.Home(validator), name = string.Create(CultureInfo.InvariantCulture, $"v{validator}");
            Command verify = await Command.RunAsync(nodeExecutable, ["verify", home], cancellation);
            if (verify.ExitCode != 0)
                failures.Add($"{name}: `appchain verify` finds its data damaged: {verify.Output} {verify.Errors}");
            Command signer = await Command.RunAsync(nodeExecutable, ["signer", "show", "--home", home], cancellation);
            if (signer.ExitCode != 0)
                failures.Add($"{name}: `appchain signer show` cannot read its record: {signer.Errors}");
            string[] alarms = [.. File.ReadLines(directory.LogFile(validator)).Where(line => Alarming.Any(line.Contains))];
            if (alarms.Length > 0)
                failures.Add($"{name}: its log has {alarms.Length} lines like \"{alarms[0]}\"");
        }
        return failures;
    }
}
