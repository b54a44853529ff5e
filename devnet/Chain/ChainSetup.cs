using System.Globalization;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Devnet.Processes;

namespace AppChain.Devnet.Chain;

/// <summary>Lays out a new chain: genesis, and one home per validator by <c>appchain init</c>.</summary>
internal static class ChainSetup
{
    /// <param name="peerAddress">HOST:PORT at which one validator reaches another; null: at its own port.</param>
    public static async Task CreateAsync(
        DevnetDirectory directory, DevnetOptions options, PortPlan ports, DateTimeOffset now, CancellationToken cancellation,
        Func<int, int, string>? peerAddress = null)
    {
        peerAddress ??= (_, to) => ports.PeerAddress(to);
        directory.Create();
        byte[] genesis = DevnetGenesis.Create(options.Genesis ?? Path.Combine(options.Repository, "genesis.json"), directory.Layout.Validators, now);
        await File.WriteAllBytesAsync(directory.GenesisFile, genesis, cancellation);
        for (int validator = 0; validator < directory.Layout.Validators; validator++)
        {
            using (PrivateKey key = DevnetKeys.Validator(validator))
                KeyFile.Save(directory.ValidatorKeyFile(validator), key);
            await RunNodeAsync(options.NodeExecutable, InitArguments(directory, ports, validator, peerAddress), cancellation);
        }
    }

    private static List<string> InitArguments(DevnetDirectory directory, PortPlan ports, int validator, Func<int, int, string> peerAddress)
    {
        IEnumerable<string> others = Enumerable.Range(0, directory.Layout.Validators).Where(other => other != validator)
            .Select(other => string.Create(CultureInfo.InvariantCulture, $"{other}={peerAddress(validator, other)}"));
        List<string> arguments =
        [
            "init", "--home", directory.Home(validator), "--genesis", directory.GenesisFile,
            "--validator-key", directory.ValidatorKeyFile(validator),
            "--moniker", string.Create(CultureInfo.InvariantCulture, $"v{validator}"),
            "--rpc", ports.RpcAddress(validator), "--peer", ports.PeerAddress(validator),
        ];
        if (directory.Layout.Validators > 1)
            arguments.AddRange(["--peers", string.Join(',', others)]);
        return arguments;
    }

    private static async Task RunNodeAsync(string executable, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        Command init = await Command.RunAsync(executable, arguments, cancellation);
        if (init.ExitCode != 0)
            throw new DevnetException($"`appchain init` failed with exit code {init.ExitCode}: {init.Errors}");
    }
}
