namespace AppChain.EndToEnd;

/// <summary>The operator's way out of a lost signer record.</summary>
public sealed class SignerCommandTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("appchain-signer-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Reset_OnlyWhenConfirmed_AndShowSaysWhatIsThere()
    {
        string home = await NewHomeAsync();
        Assert.Contains("does not exist", (await RunAsync(1, "signer", "show", "--home", home)).Errors, StringComparison.Ordinal);

        Finished asked = await RunAsync(1, "signer", "reset", "--home", home, "--epoch", "3", "--above", "1000");
        Assert.Contains("may contradict itself", asked.Errors, StringComparison.Ordinal);
        Assert.Contains("--confirm", asked.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(home, "signer", "record")));

        await RunAsync(0, "signer", "reset", "--home", home, "--epoch", "3", "--above", "1000", "--confirm");
        Assert.Matches("votes above +view 1000 of epoch 3\n", (await RunAsync(0, "signer", "show", "--home", home)).Output);

        await File.WriteAllTextAsync(Path.Combine(home, "signer", "record"), "damaged", TestContext.Current.CancellationToken);
        Finished damaged = await RunAsync(1, "signer", "show", "--home", home);
        Assert.Contains("appchain signer reset", damaged.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", damaged.Errors, StringComparison.Ordinal);
        await RunAsync(0, "signer", "reset", "--home", home, "--epoch", "3", "--above", "2000", "--confirm");
        Assert.Equal("damaged", await File.ReadAllTextAsync(Path.Combine(home, "signer", "record.old"), TestContext.Current.CancellationToken));
    }

    private async Task<string> NewHomeAsync()
    {
        string home = Path.Combine(directory, "home"), key = Path.Combine(directory, "key.json");
        await RunAsync(0, "keygen", "--out", key, "--seed", "appchain-devnet/validator/0");
        await RunAsync(0, "init", "--home", home, "--genesis", Path.Combine(Repository.Root, "genesis.json"), "--validator-key", key);
        return home;
    }

    private static Task<Finished> RunAsync(int expected, params string[] arguments) => AppChainCommand.RunAsync(expected, arguments);
}
