using System.Text.RegularExpressions;

namespace AppChain.Mutations;

/// <summary>One change of one source file: a fragment that must be there exactly once, and what takes its place. Runs of white space
/// match each other, so that a change of indentation or line breaks does not matter.</summary>
sealed record Edit(string File, string Fragment, string Replacement)
{
    /// <summary>How often the fragment is in the text.</summary>
    public int MatchesIn(string text) => Pattern().Count(text);

    /// <summary>The text with the fragment replaced.</summary>
    /// <exception cref="InvalidOperationException">The fragment is not there exactly once.</exception>
    public string ApplyTo(string text) => MatchesIn(text) == 1
        ? Pattern().Replace(text, _ => Replacement)
        : throw new InvalidOperationException($"{File}: the fragment matches {MatchesIn(text)} times: {Fragment}");

    Regex Pattern() => new(string.Join(@"\s+", Fragment.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Regex.Escape)));
}
