namespace AppChain.Simulation;

// What an honest core asks its host to verify has passed all of rule 3 that the core itself must see to.
sealed partial class Oracle
{
    /// <summary>The protocol's bound, in the oracle's own words.</summary>
    const int PayloadBytesMax = 16_384;

    public void OnAsked(Machine machine, Block block, Digest validatorsHash)
    {
        if (machine.IsHonest)
        {
            // Without its batches the parent cannot be executed, and the roots in the header mean nothing.
            var parent = block.Header.ParentHash;
            OnAsked(block, machine.LeaderOf(block.View), validatorsHash, parent == Scenario.Genesis.Hash || machine.Disk.HasBatches(parent));
        }
    }

    public void OnAsked(Block block, int leader, Digest validatorsHash, bool parentHeld)
    {
        var header = block.Header;
        var byLeader = book.SignedAt(leader, VoteBody.For(VoteKind.Notarize, header, block.Hash).SigningDigest(Scenario.ChainId));
        Require(header.Leader == leader && byLeader is not null, "proposer", $"the block of view {header.View} is not its leader's");
        Require(
            block.Payload.Length <= PayloadBytesMax && Block.HashOfPayload(block.Payload.Span) == header.PayloadHash,
            "payload",
            $"the block of view {header.View} has {block.Payload.Length} bytes, too many or not its own");
        Require(
            header.ValidatorsHash == validatorsHash && header.NextValidatorsHash == validatorsHash,
            "validators",
            $"the block of view {header.View} names others");
        Require(parentHeld, "parent held", $"that of the block of view {header.View} is not");
    }
}
