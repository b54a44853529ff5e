namespace AppChain.Mutations.Tests;

public sealed class CommandLineTests
{
    static readonly Mutation[] All =
        [.. "abc".Select(id => new Mutation($"{id}", "3", "It.", null, Quick: id == 'a', []))];

    [Fact]
    public void Options_AllGiven_AreUnderstood()
    {
        var line = CommandLine.Parse(["--only", "b,c", "--seeds", "5", "--jobs", "3", "--report", "r.md", "--list"], out _)!;

        Assert.Equal((5, 3, "r.md", true, false), (line.Seeds, line.Jobs, line.Report, line.List, line.Quick));
        Assert.Equal(["b", "c"], line.Select(All, out _)!.Select(mutation => mutation.Id));
    }

    [Fact]
    public void Quick_TakesTheQuickOnes() =>
        Assert.Equal(["a"], CommandLine.Parse(["--quick"], out _)!.Select(All, out _)!.Select(mutation => mutation.Id));

    [Fact]
    public void Only_AnUnknownId_IsRefused()
    {
        Assert.Null(CommandLine.Parse(["--only", "a,z"], out _)!.Select(All, out var problem));
        Assert.Contains("z", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Room_ByItsName_IsTaken()
    {
        Assert.Same(Room.Consensus, CommandLine.Parse([], out _)!.Room);
        Assert.Same(Room.Ledger, CommandLine.Parse(["--room", "ledger"], out _)!.Room);
    }

    [Theory]
    [InlineData("--room", "attic")]
    [InlineData("--seeds", "0")]
    [InlineData("--jobs", "many")]
    [InlineData("--report")]
    [InlineData("--colour", "red")]
    public void Options_Wrong_AreRefused(params string[] args)
    {
        Assert.Null(CommandLine.Parse(args, out var problem));
        Assert.Contains(args[0], problem, StringComparison.Ordinal);
    }
}
