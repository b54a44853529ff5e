using System.Globalization;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Devnet.Processes;
using AppChain.Ledger;

namespace AppChain.Devnet.Chain;

/// <summary>How every run begins: its directory and ports, and a chain in it: genesis, and one home per validator by <c>appchain init</c>.</summary>
internal sealed class ChainSetup
{
    private readonly DevnetOptions options;

    private ChainSetup(DevnetOptions options, DevnetDirectory directory) =>
        (this.options, Directory, Ports) = (options, directory, new PortPlan(directory.Layout.PortBase));

    public DevnetDirectory Directory { get; }

    public PortPlan Ports { get; }

    /// <summary>Takes what the run needs, or refuses at once: a report that can be written, a directory of its own, free ports.</summary>
    /// <param name="newFor">What it is, if it starts a new chain always: "a benchmark".</param>
    public static async Task<ChainSetup> OpenAsync(DevnetOptions options, string? newFor, CancellationToken cancellation)
    {
        if (options.Report is { } report)
            await File.WriteAllTextAsync(report, "", cancellation); // better now than after the run
        ChainSetup setup = new(options, DevnetDirectory.Open(options));
        if (newFor is not null && setup.Directory.IsContinued)
            throw new DevnetException($"{setup.Directory.Path} holds a chain: {newFor} starts a new one. Choose another --data.");
        if (setup.Ports.FindConflict(setup.Directory.Layout.Validators) is { } conflict)
            throw new DevnetException(conflict);
        return setup;
    }

    /// <summary>Lays out the chain, unless there is one to go on with. Returns its genesis.</summary>
    /// <param name="peerAddress">HOST:PORT at which one validator reaches another; null: at its own port.</param>
    /// <param name="parameters">Parameters of genesis that this run wants otherwise than the file has them.</param>
    public async Task<Genesis> CreateAsync(
        DateTimeOffset now, CancellationToken cancellation, Func<int, int, string>? peerAddress = null, IReadOnlyDictionary<string, long>? parameters = null)
    {
        if (!Directory.IsContinued)
            await LayOutAsync(now, peerAddress ?? ((_, to) => Ports.PeerAddress(to)), parameters, cancellation);
        return Genesis.TryParse(await File.ReadAllBytesAsync(Directory.GenesisFile, cancellation), out Genesis? genesis, out string? error)
            ? genesis
            : throw new DevnetException($"{Directory.GenesisFile}: {error}");
    }

    private async Task LayOutAsync(
        DateTimeOffset now, Func<int, int, string> peerAddress, IReadOnlyDictionary<string, long>? parameters, CancellationToken cancellation)
    {
        Directory.Create();
        string template = options.Genesis ?? Path.Combine(options.Repository, "genesis.json");
        byte[] genesis = DevnetGenesis.Create(template, Directory.Layout.Validators, now, parameters);
        await File.WriteAllBytesAsync(Directory.GenesisFile, genesis, cancellation);
        for (int validator = 0; validator < Directory.Layout.Validators; validator++)
        {
            using (PrivateKey key = DevnetKeys.Validator(validator))
                KeyFile.Save(Directory.ValidatorKeyFile(validator), key);
            await RunNodeAsync(options.NodeExecutable, InitArguments(validator, peerAddress), cancellation);
        }
    }

    private List<string> InitArguments(int validator, Func<int, int, string> peerAddress)
    {
        IEnumerable<string> others = Enumerable.Range(0, Directory.Layout.Validators).Where(other => other != validator)
            .Select(other => string.Create(CultureInfo.InvariantCulture, $"{other}={peerAddress(validator, other)}"));
        List<string> arguments =
        [
            "init", "--home", Directory.Home(validator), "--genesis", Directory.GenesisFile,
            "--validator-key", Directory.ValidatorKeyFile(validator),
            "--moniker", string.Create(CultureInfo.InvariantCulture, $"v{validator}"),
            "--rpc", Ports.RpcAddress(validator), "--peer", Ports.PeerAddress(validator),
        ];
        if (Directory.Layout.Validators > 1)
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
