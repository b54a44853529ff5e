namespace AppChain.Consensus;

/// <summary>Where a block stands in the chain: all that consensus needs to know of a parent or of the finalised tip.</summary>
/// <param name="TimeMs">The block's time; a child's must be above it.</param>
/// <param name="Beacon">The block's beacon; a child's follows from it.</param>
public sealed record ChainPoint(View View, Height Height, Digest Hash, ulong TimeMs, Digest Beacon)
{
    /// <summary>View 0, height 0; the genesis hash stands in for a header hash, and is the first beacon.</summary>
    public static ChainPoint Genesis(Digest genesisHash, ulong timeMs) =>
        new(View.Genesis, new Height(0), genesisHash, timeMs, genesisHash);

    /// <summary>Where an epoch starts: at the block that ended the one before, which is its view 0 (rule 11).</summary>
    public static ChainPoint AfterEpochOf(Block boundary) => Of(boundary) with { View = View.Genesis };

    public static ChainPoint Of(Header header) =>
        new(header.View, header.Height, header.Hash, header.TimeMs, header.Beacon);

    public static ChainPoint Of(Block block) =>
        new(block.View, block.Header.Height, block.Hash, block.Header.TimeMs, block.Header.Beacon);
}
