using AppChain.Node;
using AppChain.Storage;

namespace Node.Tests;

public sealed class PruneSettingTests
{
    [Theory]
    [InlineData("archive")]
    [InlineData("off")]
    [InlineData("blocks=all,receipts=all,headers=all")]
    public void Parse_KeepAll_HasNoBudget(string text) => Assert.Equal(RetentionBudget.Archive, PruneSetting.Parse("storage.prune", text));

    [Fact]
    public void Parse_SomeBudgets_LeavesTheOthersAtTheirDefaults()
    {
        RetentionBudget defaults = PruneSetting.Parse("storage.prune", PruneSetting.Default);
        Assert.Equal(64L << 30, defaults.Batches);
        Assert.Equal(
            defaults with { Batches = 10L << 30, Receipts = 512L << 20 },
            PruneSetting.Parse("storage.prune", "blocks=10GiB, receipts=512MiB"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10GiB")]
    [InlineData("blocks=10")]
    [InlineData("blocks=10GB")]
    [InlineData("blocks=1MiB")]
    [InlineData("blocks=-5GiB")]
    [InlineData("blocks=99999999999999999TiB")]
    [InlineData("blocks=1GiB,blocks=2GiB")]
    [InlineData("rocks=10GiB")]
    [InlineData("blocks=all")]
    public void Parse_Nonsense_IsRefusedWithTheSettingAndWhatItMayBe(string text)
    {
        ConfigException refused = Assert.Throws<ConfigException>(() => PruneSetting.Parse("storage.prune", text));
        Assert.Contains("storage.prune", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"\"{text}\"", refused.Message, StringComparison.Ordinal);
    }
}
