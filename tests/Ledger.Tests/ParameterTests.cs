using System.Text;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

public class ParameterTests
{
    [Fact]
    public void Registry_EveryParameter_IsThereOnceAscendingWithinItsBounds()
    {
        Assert.Equal(Enum.GetValues<Parameter>().Order(), Parameters.All.Select(entry => entry.Parameter));
        Assert.All(Parameters.All, entry => Assert.True(entry.Allows(entry.Default), entry.Name));
        Assert.All(Parameters.All, entry => Assert.EndsWith(".", entry.Explanation));
    }

    [Fact]
    public void Registry_EveryClass_HasAFeeAndRoom()
    {
        foreach (TransactionClass of in Enum.GetValues<TransactionClass>())
        {
            Assert.Equal($"Fee{of}", (Parameter.FeeTokens + (ushort)of).ToString());
            Assert.Equal($"Block{of}", (Parameter.BlockTokens + (ushort)of).ToString());
        }
    }

    [Fact]
    public void Record_WithAValueOutsideItsBounds_Throws() => Assert.Throws<LedgerInvariantException>(
        () => ParametersRecord.Default.With(KeyValuePair.Create(Parameter.TreasuryShare, 1_000_001UL)));

    [Fact]
    public void Record_WithoutAParameterThatALaterVersionAdded_HasItsDefault()
    {
        byte[] first = [1, 0, 0, 0, 1, 0, 0, 0, (byte)Parameter.EpochMs, 0, 0, 0, 0, 0, 0, 0x27, 0x10];

        ParametersRecord record = ParametersRecord.Decode(first);

        Assert.Equal(10_000UL, record.EpochMs);
        Assert.Equal(Parameters.Find(Parameter.FeeTokens)!.Default, record[Parameter.FeeTokens]);
    }

    // The page is the published meaning of the parameters: one that changes its meaning shows up in its diff.
    [Fact]
    public void ParametersPage_EqualsTheRegistry() => RepositoryFiles.AssertPage("parameters.md", Page());

    private static string Page()
    {
        StringBuilder page = new();
        page.Append("# Parameters\n\n");
        page.Append("The governed values of a chain, as genesis files and proposals name them. A genesis names those that differ from the default. ");
        page.Append("A *fixed* one is set by genesis for good. A test keeps this page equal to the registry, `node/ledger/Parameters`.\n\n");
        page.Append("| Number | Name | Unit | From | To | Default | Meaning |\n|---|---|---|---|---|---|---|\n");
        foreach (ParameterEntry entry in Parameters.All)
        {
            string name = entry.Fixed ? $"`{entry.Name}`, fixed" : $"`{entry.Name}`";
            page.Append($"| {(ushort)entry.Parameter} | {name} | {entry.Unit} | {entry.Minimum} | {entry.Maximum} | {entry.Default} | {entry.Explanation} |\n");
        }
        return page.ToString();
    }
}
