namespace AppChain.Consensus;

/// <summary>What a core is told once. All validators of an epoch must agree on all but <see cref="Signer"/> and
/// <see cref="SignAbove"/>; timeouts should agree.</summary>
public sealed record CoreOptions
{
    public required ChainId ChainId { get; init; }

    public required ValidatorSet Validators { get; init; }

    public Epoch Epoch { get; init; }

    /// <summary>Shuffles the order of leaders: the genesis hash in the first epoch, later a beacon.</summary>
    public Digest LeaderSeed { get; init; }

    /// <summary>Our index in the set; null for a node without a key in it, which follows silently: it sends nothing.</summary>
    public ushort? Signer { get; init; }

    /// <summary>At and below this view we cast no vote of our own: what was signed there is no longer known. What the journal and
    /// <see cref="Core.Recall"/> bring back is sent again all the same.</summary>
    public View SignAbove { get; init; }

    public TimeoutOptions Timeouts { get; init; } = new();
}
