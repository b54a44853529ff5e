namespace AppChain.Mutations.Tests;

public sealed class MutationListTests
{
    const string Example = """
        # Title

        ## drop-it · 3 · quick
        It is
        dropped.
        Harmless: nobody minds.

        `folder/File.cs`
        ```diff
         stay();
        -drop(  it );
        +keep();
        ```

        `folder/Other.cs`
        ```diff
        -gone();
        ```

        # Another part
        Words between parts.
        """;

    [Fact]
    public void Mutation_AllParts_AreRead()
    {
        var mutation = Assert.Single(MutationList.Parse(Example));

        Assert.Equal(("drop-it", "3", "It is dropped.", "nobody minds.", true),
            (mutation.Id, mutation.Rule, mutation.Sentence, mutation.Harmless, mutation.Quick));
        Assert.Equal(
            [new Edit("folder/File.cs", "stay();\ndrop(  it );", "stay();\nkeep();"), new Edit("folder/Other.cs", "gone();", "")],
            mutation.Edits);
    }

    [Theory]
    [InlineData("## no-rule\nA sentence.\n`F.cs`\n```diff\n-a\n```")]
    [InlineData("## odd · 3 · slow\nA sentence.\n`F.cs`\n```diff\n-a\n```")]
    [InlineData("## no-sentence · 3\n`F.cs`\n```diff\n-a\n```")]
    [InlineData("## no-change · 3\nA sentence.")]
    [InlineData("## no-file · 3\nA sentence.\n```diff\n-a\n```")]
    [InlineData("## no-fragment · 3\nA sentence.\n`F.cs`\n```diff\n+a\n```")]
    [InlineData("## no-end · 3\nA sentence.\n`F.cs`\n```diff\n-a")]
    [InlineData("## twice · 3\nA sentence.\n`F.cs`\n```diff\n-a\n```\n## twice · 3\nA sentence.\n`F.cs`\n```diff\n-a\n```")]
    public void List_Malformed_IsRefused(string text) => Assert.Throws<FormatException>(() => MutationList.Parse(text));

    [Fact]
    public void Edit_OtherWhiteSpace_StillApplies()
    {
        var edit = new Edit("F.cs", "if (a\n    && b)", "if (a)");

        Assert.Equal("x; if (a) y;", edit.ApplyTo("x; if (a  && b) y;"));
        Assert.Equal(0, edit.MatchesIn("if (a && c)"));
    }

    [Theory]
    [InlineData("one two")]
    [InlineData("one one")]
    public void Edit_NotThereOnce_IsRefused(string text) =>
        Assert.Throws<InvalidOperationException>(() => new Edit("F.cs", text == "one two" ? "three" : "one", "").ApplyTo(text));
}
