namespace AppChain.Simulation;

// What an honest core asks its host to verify has passed all of rule 3 that the core itself must see to.
sealed partial class Oracle
{
    /// <summary>The protocol's bound, in the oracle's own words.</summary>
    const int PayloadBytesMax = 16_384;

    public void OnAsked(Machine machine, Block block)
    {
        if (machine.IsHonest)
        {
            // Without its batches the parent cannot be executed, and the roots in the header mean nothing.
            var parent = block.Header.ParentHash;
            OnAsked(block, machine.LeaderOf(block.View), parent == Scenario.Genesis.Hash || machine.Disk.HasBatches(parent));
        }
    }

    /// <param name="leader">The seat whose turn the block's view is.</param>
    public void OnAsked(Block block, ushort leader, bool parentHeld)
    {
        var header = block.Header;
        var signed = reigns.IdentityOf(header.Epoch, leader) is { } identity
            && book.SignedAt(identity, SigningDigest(VoteBody.For(VoteKind.Notarize, header, block.Hash))) is not null;
        Require(header.Leader == leader && signed, "proposer", $"the block of view {header.View} is not its leader's");
        Require(
            block.Payload.Length <= PayloadBytesMax && Block.HashOfPayload(block.Payload.Span) == header.PayloadHash,
            "payload",
            $"the block of view {header.View} has {block.Payload.Length} bytes, too many or not its own");
        Require(header.ValidatorsHash == reigns.SetOf(header.Epoch).Hash, "validators", $"the block of view {header.View} names others");
        Require(parentHeld, "parent held", $"that of the block of view {header.View} is not");
    }
}
