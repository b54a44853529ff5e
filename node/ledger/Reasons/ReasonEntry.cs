using System.Text;

namespace AppChain.Ledger;

/// <summary>Where on a transaction's way a reason arises.</summary>
public enum ReasonStage
{
    None,

    /// <summary>The bytes alone show it; no node takes the transaction.</summary>
    Decode,

    /// <summary>Refused at ingress; inside a block skipped without any change.</summary>
    Admission,

    /// <summary>In a block and failed: its sequence number is used, nothing else changed.</summary>
    Execution,

    /// <summary>A proof that was taken in and judged to earn nothing.</summary>
    Verdict,

    /// <summary>A block that is invalid.</summary>
    Block,
}

/// <summary>One entry of the registry.</summary>
/// <param name="Reason">The reason; its number is the wire's.</param>
/// <param name="Stage">Where it arises.</param>
/// <param name="Explanation">A sentence or two for people: what is wrong and what to do.</param>
public sealed record ReasonEntry(Reason Reason, ReasonStage Stage, string Explanation)
{
    /// <summary>The name in lower case with hyphens, as tools show it: <c>sequence-used</c>.</summary>
    public string Name { get; } = Reason == Reason.None ? "ok" : Kebab(Reason.ToString());

    internal static ReasonEntry AtDecode(Reason reason, string explanation) => new(reason, ReasonStage.Decode, explanation);

    internal static ReasonEntry AtAdmission(Reason reason, string explanation) => new(reason, ReasonStage.Admission, explanation);

    internal static ReasonEntry AtExecution(Reason reason, string explanation) => new(reason, ReasonStage.Execution, explanation);

    internal static ReasonEntry AsVerdict(Reason reason, string explanation) => new(reason, ReasonStage.Verdict, explanation);

    internal static ReasonEntry OfBlock(Reason reason, string explanation) => new(reason, ReasonStage.Block, explanation);

    private static string Kebab(string pascal)
    {
        StringBuilder name = new();
        foreach (char c in pascal)
        {
            if (char.IsAsciiLetterUpper(c) && name.Length > 0)
                name.Append('-');
            name.Append(char.ToLowerInvariant(c));
        }
        return name.ToString();
    }
}
