namespace AppChain.Simulation;

/// <summary>A Byzantine validator: runs a core to know where the others are, and has its key to do with as it likes.</summary>
abstract class Traitor(World world, Machine self) : Actor(world, self)
{
    protected Dice Dice { get; } = world.Dice.Fork();

    /// <summary>Some of the others, at random: possibly none, possibly all.</summary>
    protected int[] Some()
    {
        var share = Dice.Pick([300, 500, 700, 1000]);
        return [.. Others().Where(_ => Dice.Chance(share))];
    }

    protected void Tell(IEnumerable<int> to, Message message)
    {
        if (message is Message.Proposal(var block, _) && Self.Made(block.Header))
        {
            World.Oracle.OnBlock(block);
            Self.Disk.StoreBatches(block.Hash);
        }

        World.Trace.Add(Self.Place, message);
        if (!Message.TryDecode(message.Encode(), out var decoded))
        {
            return; // A liar, too, has only bytes to send.
        }

        foreach (var peer in to)
        {
            World.Trace.Lines?.Say($"{Self.Name} (traitor) → {peer}: {Readable.Of(message)}");
            World.Network.Send(Self.Place, Self.Signer, peer, decoded);
        }
    }

    /// <summary>The misdeed was not only meant, it was done.</summary>
    protected void Did(Misdeed misdeed) => World.Coverage.Happened(misdeed);

    protected Message.Ballot Sign(VoteBody body) => new(new Vote(body, SeatIn(body.Epoch), Signature(body)));

    protected Message.Proposal Sign(Header header, byte[] payload)
    {
        var made = Block.TryCreate(header with { PayloadHash = Block.HashOfPayload(payload) }, payload, out var block);
        World.Oracle.Require(made, "simulator", $"{Self.Name} makes a block that is not well-formed");
        return Sign(block);
    }

    protected Message.Proposal Sign(Block block) =>
        new(block, Signature(VoteBody.For(VoteKind.Notarize, block.Header, block.Hash)));

    protected byte[] Payload() => BitConverter.GetBytes(Dice.Next());

    /// <summary>Its seat in an epoch; without one it takes somebody's.</summary>
    protected ushort SeatIn(Epoch epoch) => World.Reigns.SeatOf(epoch, Self.Signer) ?? 0;

    /// <summary>The block with the beacon that this leader must draw after another.</summary>
    protected static Header Drawn(Header header, int leader, Digest previous)
    {
        var draw = SignatureBook.Draw(leader, previous);
        return header with { Beacon = draw.Beacon, BeaconProof = draw.Proof };
    }

    ReadOnlyMemory<byte> Signature(VoteBody body) => World.Book.Sign(Self.Signer, body.SigningDigest(Scenario.ChainId));

    /// <summary>What a vote, a proposal or a certificate says of a block; null of anything else.</summary>
    protected static VoteBody? BodyOf(Message message) => message switch
    {
        Message.Proposal proposal => proposal.LeaderVote.Body,
        Message.Ballot(var vote) => vote.Body,
        Message.Proof(var certificate) => certificate.Body,
        _ => null,
    };
}
