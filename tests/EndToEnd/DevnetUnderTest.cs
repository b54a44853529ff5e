using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using AppChain.Client;
using Grpc.Core;

namespace AppChain.EndToEnd;

/// <param name="Genesis">What the chain is made from; null: the repository's.</param>
/// <param name="Environment">Variables that its validators inherit.</param>
internal sealed record DevnetSetting(byte[]? Genesis = null, IReadOnlyDictionary<string, string>? Environment = null);

/// <summary>
/// A devnet as processes, with a directory and ports of its own. Disposing it leaves nothing behind, however the test ended.
/// </summary>
internal sealed class DevnetUnderTest : IAsyncDisposable
{
    public const int Validators = 4;

    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("appchain-devnet-");
    private readonly PortSlice ports = PortSlice.Take();
    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly TaskCompletionSource introduced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly NodeClient[] nodes;

    private DevnetUnderTest(IEnumerable<string> options, DevnetSetting setting)
    {
        if (setting.Genesis is { } genesis)
        {
            string file = Path.Combine(directory.FullName, "template.json");
            File.WriteAllBytes(file, genesis);
            options = [.. options, "--genesis", file];
        }
        ProcessStartInfo start = new(
            Repository.Devnet,
            [
                "--no-ui", "--data", DataDirectory, "--report", ReportFile,
                "--port-base", PortBase.ToString(CultureInfo.InvariantCulture), .. options,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in setting.Environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        nodes = [.. Enumerable.Range(0, Validators).Select(index => NodeClient.Connect("http://" + Address(index)))];
    }

    public int PortBase => ports.First;

    public int Pid => process.Id;

    public string DataDirectory => Path.Combine(directory.FullName, "data");

    public IReadOnlyList<NodeClient> Nodes => nodes;

    /// <summary>Everything that it said so far.</summary>
    public string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    private string ReportFile => Path.Combine(directory.FullName, "report.json");

    /// <summary>Starts a devnet and waits until its devices are registered and replay.</summary>
    public static Task<DevnetUnderTest> StartAsync(params string[] options) => StartAsync(new DevnetSetting(), options);

    /// <summary>Starts one with a genesis file or an environment of its own.</summary>
    public static async Task<DevnetUnderTest> StartAsync(DevnetSetting setting, params string[] options)
    {
        DevnetUnderTest devnet = new(options, setting);
        try
        {
            await devnet.introduced.Task.WaitAsync(StartMax);
            return devnet;
        }
        catch (Exception e)
        {
            await devnet.DisposeAsync();
            throw new InvalidOperationException("the devnet did not start:\n" + devnet.Output, e);
        }
    }

    public string Address(int validator) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{PortBase + 10 * validator}");

    /// <summary>The process of a validator now, from the pid file.</summary>
    public int ValidatorPid(int index)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"v{index} ");
        string line = File.ReadLines(Path.Combine(DataDirectory, "pids")).Single(line => line.StartsWith(name, StringComparison.Ordinal));
        return int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>A validator's height, or null when it does not answer.</summary>
    public async Task<ulong?> HeightAsync(int validator)
    {
        try
        {
            return (await nodes[validator].GetStatusAsync(TimeSpan.FromSeconds(1))).Height;
        }
        catch (RpcException)
        {
            return null;
        }
    }

    /// <summary>The height of a validator that runs: asks until it answers.</summary>
    public async Task<ulong> KnownHeightAsync(int validator)
    {
        ulong? height = null;
        await Until.HoldsAsync(
            $"validator {validator} answers", TimeSpan.FromSeconds(20), async () => (height = await HeightAsync(validator)) is not null);
        return height!.Value;
    }

    /// <summary>Waits for the end; fails when it takes too long.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan within)
    {
        using CancellationTokenSource bound = new(within);
        try
        {
            await process.WaitForExitAsync(bound.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"the devnet did not end within {within}:\n{Output}");
        }
        return process.ExitCode;
    }

    public JsonNode Report() => JsonNode.Parse(File.ReadAllText(ReportFile))!;

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
        // The product's own cleaning: it ends what the run left, and nothing else.
        await Shell.RunAsync(Repository.DevnetDown, ["--data", DataDirectory], TimeSpan.FromSeconds(30));
        foreach (NodeClient node in nodes)
            await node.DisposeAsync();
        process.Dispose();
        ports.Dispose();
        directory.Delete(recursive: true);
    }

    private void Note(string? line)
    {
        if (line is null)
            return;
        lock (output)
            output.AppendLine(line);
        if (line.StartsWith("look at it:", StringComparison.Ordinal))
            introduced.TrySetResult();
    }
}
