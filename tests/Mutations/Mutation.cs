namespace AppChain.Mutations;

/// <summary>A rule removed or weakened.</summary>
/// <param name="Id">Short and unique; on the command line.</param>
/// <param name="Rule">The rule's number in consensus/README.md, or the contract that it belongs to.</param>
/// <param name="Sentence">What the mutant does, in words.</param>
/// <param name="Harmless">Why nothing can be found in this one; null for all that must be caught.</param>
/// <param name="Quick">One of the few that continuous integration tries.</param>
sealed record Mutation(string Id, string Rule, string Sentence, string? Harmless, bool Quick, IReadOnlyList<Edit> Edits);
