using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace AppChain.EndToEnd;

/// <summary>What a node refuses to start with, said by real processes: keys that others may read, and a home that is in use.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")] // modes of files
public sealed class StartRefusalTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly string directory = Directory.CreateTempSubdirectory("appchain-start-").FullName;

    private readonly PortSlice ports = PortSlice.Take();

    private string Home => Path.Combine(directory, "home");

    public void Dispose()
    {
        ports.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData("keys/validator.json")]
    [InlineData("keys/node.json")]
    [InlineData("keys/operator.json")]
    [InlineData("keys/tls.pem")]
    public async Task Run_WithAKeyThatOthersMayRead_SaysWhichAndHowToCloseIt(string key)
    {
        await InitAsync();
        await RunAsync(0, "keygen", "--out", Path.Combine(Home, "keys", "operator.json"));
        await File.WriteAllTextAsync(Path.Combine(Home, "keys", "tls.pem"), "-", TestContext.Current.CancellationToken);
        Set("operator", "key", "keys/operator.json");
        if (key.EndsWith(".pem", StringComparison.Ordinal))
        {
            Set("rpc", "tlsCertificate", "keys/tls.pem");
            Set("rpc", "tlsKey", "keys/tls.pem");
        }
        string file = Path.Combine(Home, key);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Finished refused = await RunAsync(1, "run", "--home", Home);

        Assert.Contains($"`chmod 600 {file}`", refused.Errors, StringComparison.Ordinal);
        Assert.Single(refused.Errors.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Run_OnAHomeThatIsInUse_IsRefusedInOneLine_AndTheFirstRunsOn()
    {
        await InitAsync();
        using Process first = Process.Start(new ProcessStartInfo(Repository.Node, ["run", "--home", Home]) { RedirectStandardError = true })!;
        try
        {
            using CancellationTokenSource bound = new(Bound);
            while (await first.StandardError.ReadLineAsync(bound.Token) is { } line && !line.Contains("runs from height", StringComparison.Ordinal))
            {
                // its first lines
            }
            Task<string> rest = first.StandardError.ReadToEndAsync(CancellationToken.None);

            // On ports of its own: it is the data that is in use.
            Finished second = await RunAsync(1, ["run", "--home", Home, .. Ports()]);

            Assert.Contains("Another appchain runs on this data directory", second.Errors, StringComparison.Ordinal);
            Assert.Contains(Home, second.Errors, StringComparison.Ordinal);
            Assert.Single(second.Errors.TrimEnd().Split('\n'));
            Assert.False(first.HasExited);
            await Shell.SignalAsync(first.Id, "TERM");
            await first.WaitForExitAsync(bound.Token);
            Assert.Equal(0, first.ExitCode);
            Assert.DoesNotContain("   at ", await rest, StringComparison.Ordinal);
        }
        finally
        {
            if (!first.HasExited)
                first.Kill();
        }
    }

    [Fact]
    public async Task Doctor_OfANodeThatDoesNotRun_FindsItsPeersUnreachable_InTextAndJson()
    {
        int nobodys = ports.First + 2;
        await InitAsync("--peers", string.Create(CultureInfo.InvariantCulture, $"1=127.0.0.1:{nobodys}"));

        Finished text = await RunAsync(1, "net", "doctor", "--home", Home);
        Assert.Contains("problems: 2", text.Output, StringComparison.Ordinal);
        Assert.Contains("nothing listens on that port", text.Output, StringComparison.Ordinal);
        Assert.Contains("Start it with `appchain run`", text.Output, StringComparison.Ordinal);

        JsonNode json = JsonNode.Parse((await RunAsync(1, "net", "doctor", "--home", Home, "--json")).Output)!;
        Assert.False((bool)json["healthy"]!);
        Assert.Equal(["this-node", "unreachable"], json["problems"]!.AsArray().Select(problem => (string)problem!["kind"]!));
        Assert.Equal("none", (string)json["peers"]![0]!["answer"]!);
    }

    private async Task InitAsync(params string[] more)
    {
        string key = Path.Combine(directory, "key.json");
        await RunAsync(0, "keygen", "--out", key, "--seed", "appchain-devnet/validator/0");
        await RunAsync(
            0, ["init", "--home", Home, "--genesis", Path.Combine(Repository.Root, "genesis.json"), "--validator-key", key, .. Ports(), .. more]);
    }

    private string[] Ports() =>
    [
        "--rpc", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{ports.First}"),
        "--peer", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{ports.First + 1}"),
    ];

    private void Set(string section, string setting, string value)
    {
        string file = Path.Combine(Home, "config.json");
        JsonNode config = JsonNode.Parse(File.ReadAllText(file))!;
        config[section]![setting] = value;
        File.WriteAllText(file, config.ToJsonString());
    }

    private static async Task<Finished> RunAsync(int expected, params string[] arguments)
    {
        Finished run = await Shell.RunAsync(Repository.Node, arguments, Bound);
        Assert.True(run.ExitCode == expected, $"{run.ExitCode}: {run.Output}{run.Errors}");
        return run;
    }
}
