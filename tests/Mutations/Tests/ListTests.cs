namespace AppChain.Mutations.Tests;

/// <summary>The lists in git, against the source in git.</summary>
public sealed class ListTests
{
    static readonly IReadOnlyList<Mutation> All = Of(Room.Consensus), OfLedger = Of(Room.Ledger);

    static IReadOnlyList<Mutation> Of(Room room) => MutationList.Parse(File.ReadAllText(Path.Combine(Repository.Root, room.ListFile)));

    [Fact]
    public void EveryMutation_AppliesToTheSourceExactlyOnce() => Assert.Empty(Mutate.Misfits(Repository.Root, [.. All, .. OfLedger]));

    [Fact]
    public void EveryMutation_ChangesSomething() =>
        Assert.All([.. All, .. OfLedger], mutation => Assert.All(mutation.Edits, edit =>
        {
            var source = File.ReadAllText(Path.Combine(Repository.Root, edit.File));
            Assert.NotEqual(source, edit.ApplyTo(source));
        }));

    [Theory]
    [InlineData("2")]
    [InlineData("3")]
    [InlineData("4")]
    [InlineData("5")]
    [InlineData("6")]
    [InlineData("7")]
    [InlineData("8")]
    [InlineData("9")]
    [InlineData("10")]
    [InlineData("11")]
    [InlineData("durability")]
    public void EveryRule_HasAMutationThatMustBeCaught(string rule) =>
        Assert.Contains(All, mutation => mutation.Harmless is null && mutation.Rule.Split(' ').Contains(rule));

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("3")]
    [InlineData("4")]
    [InlineData("5")]
    [InlineData("6")]
    [InlineData("7")]
    [InlineData("parity")]
    [InlineData("channels")]
    [InlineData("frame")]
    public void WhatAlwaysHolds_HasAMutationThatMustBeCaught(string rule) =>
        Assert.Contains(OfLedger, mutation => mutation.Harmless is null && mutation.Rule.Split(' ').Contains(rule));

    [Fact]
    public void Quick_IsAFewOfThem() => Assert.InRange(All.Count(mutation => mutation is { Quick: true, Harmless: null }), 3, 12);
}
