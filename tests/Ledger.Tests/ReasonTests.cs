using System.Text;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

public class ReasonTests
{
    [Fact]
    public void Registry_EveryReason_IsThereOnceAscending()
    {
        Assert.Equal(Enum.GetValues<Reason>().Order(), Reasons.All.Select(entry => entry.Reason));
        Assert.All(Reasons.All, entry => Assert.EndsWith(".", entry.Explanation));
    }

    [Fact]
    public void Registry_Codes_LieInTheRangeOfTheirStage()
    {
        foreach (ReasonEntry entry in Reasons.All)
        {
            ReasonStage expected = (uint)entry.Reason switch
            {
                0 => ReasonStage.None,
                < 100 => ReasonStage.Decode,
                < 200 => ReasonStage.Admission,
                < 300 => ReasonStage.Execution,
                < 400 => ReasonStage.Verdict,
                < 500 => ReasonStage.Block,
                _ => entry.Stage is ReasonStage.None or ReasonStage.Block ? ReasonStage.Verdict : entry.Stage, // kinds of proof: a range for all stages
            };
            Assert.Equal(expected, entry.Stage);
        }
    }

    [Theory]
    [InlineData(Reason.None, "ok")]
    [InlineData(Reason.SequenceUsed, "sequence-used")]
    [InlineData((Reason)9999, "reason-9999")]
    public void Name_IsLowerCaseWithHyphens(Reason reason, string name) => Assert.Equal(name, reason.Name());

    [Fact]
    public void BadSignature_Explanation_MentionsTheChainId() => Assert.Contains("chain id", Reason.BadSignature.Explanation());

    // The page is the published meaning of the codes: a code that changes its meaning shows up in its diff.
    [Fact]
    public void ReasonsPage_EqualsTheRegistry() => RepositoryFiles.AssertPage("reasons.md", Page());

    private static string Page()
    {
        StringBuilder page = new();
        page.Append("# Reasons\n\n");
        page.Append("Why a transaction was refused, skipped, failed or earned nothing. Codes and names never change their meaning. ");
        page.Append("A test keeps this page equal to the registry, `node/ledger/Reasons`.\n\n");
        page.Append("- **decode**: the bytes alone show it; no node takes the transaction.\n");
        page.Append("- **admission**: refused at ingress; inside a block skipped without any change.\n");
        page.Append("- **execution**: in a block and failed; its sequence number is used, nothing else changed.\n");
        page.Append("- **verdict**: a proof that was taken in and judged to earn nothing.\n");
        page.Append("- **block**: a block that no honest validator votes for.\n\n");
        page.Append("| Code | Name | Stage | What is wrong, what to do |\n|---|---|---|---|\n");
        foreach (ReasonEntry entry in Reasons.All.Where(entry => entry.Reason != Reason.None))
            page.Append($"| {(uint)entry.Reason} | `{entry.Name}` | {entry.Stage.ToString().ToLowerInvariant()} | {entry.Explanation} |\n");
        return page.ToString();
    }
}
