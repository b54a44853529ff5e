using System.Globalization;

namespace AppChain.Node.Peers;

/// <summary>Text that another node chose, before it is logged or shown: one short line without anything that a terminal obeys.</summary>
public static class PeerText
{
    /// <summary>Characters that are kept.</summary>
    public const int LengthMax = 240;

    /// <summary>The text, cut to its limit, with every character that is not plainly printable replaced.</summary>
    public static string Clean(string said)
    {
        string kept = said.Length > LengthMax ? said[..LengthMax] : said;
        return string.Concat(kept.Select(one => IsPlain(one) ? one : '?'));
    }

    private static bool IsPlain(char one) => char.GetUnicodeCategory(one) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
