namespace AppChain.EndToEnd;

/// <summary>A stock gRPC client, written from the .proto files alone, works against the chain.</summary>
[Collection(RunningDevnetTests.Name)]
public sealed class PythonExampleTests(RunningDevnet running)
{
    [Fact]
    public async Task Example_AgainstADevnet_RegistersProvesAndIsRefusedAReplay()
    {
        Finished example = await Shell.RunAsync(Repository.PythonExample, ["--node", running.Devnet.Address(1)], TimeSpan.FromSeconds(60));

        Assert.True(example.ExitCode == 0, example.Output + example.Errors);
        string[] lines = example.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("registered  device ", lines[0]);
        Assert.Matches("^accepted    proof [0-9a-f]{64} at height [0-9]+: [1-9][0-9]* units", lines[1]);
        Assert.Equal("known       1 accepted, 0 rejected, next sequence 2", lines[2]);
        Assert.StartsWith("refused     ALREADY_EXISTS: sequence-used (103): ", lines[3]);
    }
}
