namespace AppChain.Mutations;

/// <summary>What became of a mutant.</summary>
enum Fate
{
    /// <summary>The simulator failed on it, and passes the same seed without it.</summary>
    Caught,

    /// <summary>All seeds passed.</summary>
    Survived,

    /// <summary>It could not be judged: it did not compile, or the simulator did not end by itself.</summary>
    Broken,
}

/// <param name="By">The simulator's check, or what went wrong.</param>
/// <param name="Seed">The first seed that failed; they are tried from 0 up.</param>
sealed record Verdict(Mutation Mutation, Fate Fate, string By, ulong? Seed, TimeSpan Took)
{
    /// <summary>As it should be: caught, or harmless as argued.</summary>
    public bool Good => Fate == (Mutation.Harmless is null ? Fate.Caught : Fate.Survived);
}
