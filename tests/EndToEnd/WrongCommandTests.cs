namespace AppChain.EndToEnd;

/// <summary>What a person may mistype: each gets a sentence that names it, and never a stack trace.</summary>
public sealed class WrongCommandTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("appchain-wrong-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [InlineData("--validators", "abc")]
    [InlineData("--validators", "0")]
    [InlineData("--devices", "99999999999")]
    [InlineData("--rate", "NaN")]
    [InlineData("--port-base", "70000")]
    [InlineData("--report", "/nonexistent/folder/r.json")]
    public async Task Devnet_AWrongValue_IsNamedBeforeAnythingStarts(string option, string value)
    {
        Finished run = await Shell.RunAsync(Repository.Devnet, [option, value, "--for", "1s", "--data", directory], TimeSpan.FromSeconds(20));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(value, run.Errors + run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors + run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Node_AVariableThatNamesNoSetting_IsRefused()
    {
        string home = Path.Combine(directory, "home");
        Finished init = await Shell.RunAsync(Repository.Node, ["init", "--home", home, "--genesis", Path.Combine(Repository.Root, "genesis.json")], TimeSpan.FromSeconds(20));
        Assert.True(init.ExitCode == 0, init.Errors);
        Finished run = await Shell.RunAsync("/usr/bin/env", ["APPCHAIN_RPC__LISTN=127.0.0.1:1", Repository.Node, "run", "--home", home], TimeSpan.FromSeconds(20));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("APPCHAIN_RPC__LISTN", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("79228162514264337593543950335")]
    [InlineData("0")]
    [InlineData("0.0000000001")]
    public async Task Transfer_AnImpossibleAmount_IsNamed(string tokens)
    {
        string key = Path.Combine(directory, "key.json");
        Finished keygen = await Shell.RunAsync(Repository.Node, ["keygen", "--out", key], TimeSpan.FromSeconds(20));
        Assert.True(keygen.ExitCode == 0, keygen.Errors);
        // No node listens there: what was typed is judged first.
        Finished run = await Shell.RunAsync(
            Repository.Node, ["tx", "transfer", "--key", key, "--to", "0000000000000000000000000000000000000001", "--tokens", tokens, "--node", "127.0.0.1:9"], TimeSpan.FromSeconds(20));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("--tokens", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

}
