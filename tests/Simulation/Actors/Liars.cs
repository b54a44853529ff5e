using AppChain.Simulation.Execution;

namespace AppChain.Simulation;

/// <summary>As a leader signs two blocks of one view and shows each to some; at times on different parents.</summary>
sealed class Equivocator(World world, Machine self) : Traitor(world, self)
{
    public override void OnBroadcast(Message message)
    {
        if (message is not Message.Proposal proposal || !Self.Made(proposal.Block.Header))
        {
            base.OnBroadcast(message);
            return;
        }

        Did(Misdeed.Equivocates);
        var other = Sign(proposal.Block.Header, Payload());
        var first = Others().Where(_ => Dice.Chance(500)).ToHashSet();
        var both = Dice.Pick([0, 100, 500]);
        Tell(Others().Where(peer => first.Contains(peer) || Dice.Chance(both)), message);
        Tell(Others().Where(peer => !first.Contains(peer) || Dice.Chance(both)), other);
        foreach (var body in (VoteBody?[])[BodyOf(message), BodyOf(other)])
        {
            Tell(Some(), Sign(body!.Value));
            Tell(Some(), Sign(body.Value with { Kind = VoteKind.Finalize }));
        }
    }
}

/// <summary>Notarizes and finalizes whatever block it hears of, and blocks that do not exist, and nullifies as well: it lends its power to
/// anybody's fork.</summary>
sealed class VoterForAll(World world, Machine self) : Traitor(world, self)
{
    /// <summary>Reacts to so many messages per slot of time: several of its kind would otherwise answer each other without end.</summary>
    const int ReactionsMax = 2;
    const long SlotUs = 10_000;

    long slot;
    int reactions;

    public override void OnReceived(Message message)
    {
        if (BodyOf(message) is not { } body || body.Epoch != Self.Epoch || !MayReact())
        {
            return;
        }

        Did(Misdeed.VotesForAll);
        if (body.Kind != VoteKind.Nullify)
        {
            Tell(Some(), Sign(body with { Kind = VoteKind.Notarize }));
            Tell(Some(), Sign(body with { Kind = VoteKind.Finalize }));
            if (Dice.Chance(200))
            {
                Tell(Some(), Sign(body with { HeaderHash = HashExecution.StateAfter(body.HeaderHash) }));
            }
        }

        Tell(Some(), Sign(VoteBody.Nullify(body.Epoch, body.View)));
    }

    bool MayReact()
    {
        var now = World.Agenda.NowUs / SlotUs;
        (slot, reactions) = now == slot ? (slot, reactions + 1) : (now, 1);
        return reactions <= ReactionsMax;
    }
}

/// <summary>Nullifies every view that it also finalizes.</summary>
sealed class Nuller(World world, Machine self) : Traitor(world, self)
{
    (Epoch Epoch, View View) last;

    public override void OnReceived(Message message)
    {
        if (BodyOf(message) is { Kind: not VoteKind.Nullify } body && body.Epoch == Self.Epoch
            && (body.View > last.View || last.Epoch != body.Epoch))
        {
            last = (body.Epoch, body.View);
            Did(Misdeed.NullifiesAndFinalizes);
            Tell(Some(), Sign(VoteBody.Nullify(body.Epoch, body.View)));
            Tell(Some(), Sign(body with { Kind = VoteKind.Finalize }));
        }
    }
}

/// <summary>Signs in the name of others, and makes certificates out of too little.</summary>
sealed class Impersonator(World world, Machine self) : Traitor(world, self)
{
    public override void OnReceived(Message message)
    {
        // The next leader's block, before it has made it: whoever takes the first that comes has no place for the true one.
        if (message is Message.Proposal(var block, _) && block.Header.Epoch == Self.Epoch && Dice.Chance(200))
        {
            var header = block.Header;
            var leader = Self.LeaderOf(header.View.Next);
            var next = header with
            {
                View = header.View.Next,
                Height = header.Height.Next,
                ParentView = header.View,
                ParentHash = block.Hash,
                TimeMs = header.TimeMs + 1,
                Leader = leader,
                StateRoot = HashExecution.StateAfter(block.Hash),
                ReceiptsRoot = HashExecution.ReceiptsOf(block.Hash),
                NextValidatorsHash = Digest.Zero,
            };
            Tell(Some(), Sign(Drawn(next, World.Reigns.IdentityOf(header.Epoch, leader)!.Value, header.Beacon), Payload()));
        }
    }

    public override void OnBroadcast(Message message)
    {
        base.OnBroadcast(message);
        if (BodyOf(message) is not { } body)
        {
            return;
        }

        Did(Misdeed.Impersonates);
        var forged = Dice.Below(3) switch
        {
            0 => VoteBody.Nullify(body.Epoch, body.View),
            1 => VoteBody.Nullify(body.Epoch, body.View.Next),
            _ => body.Kind == VoteKind.Nullify ? body : body with { Kind = VoteKind.Finalize },
        };
        var mine = Sign(forged).Vote.Signature;
        var victim = (ushort)Dice.Below(World.Scenario.Powers.Length);
        Tell(Some(), new Message.Ballot(new Vote(forged, victim, mine)));

        // Everybody's name under our signature; our own signature alone; a signer who does not exist.
        var signers = Dice.Below(3) switch
        {
            0 => Enumerable.Range(0, World.Scenario.Powers.Length),
            1 => [SeatIn(body.Epoch)],
            _ => Enumerable.Range(1, World.Scenario.Powers.Length),
        };
        Tell(Some(), new Message.Proof(Certificate.Of(forged, [.. signers.Select(i => new CertificateSignature((ushort)i, mine))])));
    }
}

/// <summary>Signs votes and blocks of another epoch or another chain, and brings along what everybody has truly signed in an epoch far
/// from this one.</summary>
sealed class WrongEpochSender(World world, Machine self) : Traitor(world, self)
{
    /// <summary>No run comes near it. Its validators are those of the present one, and all of them voted.</summary>
    static readonly Epoch Elsewhere = new(1_000_000);

    public override void OnBroadcast(Message message)
    {
        if (Dice.Chance(500))
        {
            base.OnBroadcast(message);
        }

        Did(Misdeed.WrongEpoch);
        var next = new Epoch(Dice.Chance(500) || Self.Epoch.Value == 0 ? Self.Epoch.Value + (ulong)Dice.Between(1, 2) : Self.Epoch.Value - 1);
        switch (message)
        {
            case Message.Proposal(var block, _) when Self.Made(block.Header):
                Tell(Some(), Sign(block.Header with { Epoch = next }, block.Payload.ToArray()));
                Tell(Some(), Sign(block.Header with { ChainId = ChainId.Parse("another") }, block.Payload.ToArray()));
                break;
            case Message.Ballot(var vote):
                var other = Sign(vote.Body with { Epoch = next });
                Tell(Some(), other);
                Tell(Some(), new Message.Ballot(other.Vote with { Signer = vote.Signer })); // From its present seat.
                Tell(Some(), new Message.Ballot(vote with { Body = vote.Body with { Epoch = next } }));
                break;
            case Message.Proof(var certificate):
                Tell(Some(), new Message.Proof(Certificate.Of(certificate.Body with { Epoch = next }, certificate.Signatures)));
                Tell(Some(), new Message.Proof(ByAll(VoteBody.Nullify(Elsewhere, Self.View))));
                Tell(Some(), new Message.Proof(ByAll(certificate.Body with { Epoch = Elsewhere })));
                break;
        }
    }

    Certificate ByAll(VoteBody body)
    {
        var digest = body.SigningDigest(Scenario.ChainId);
        return Certificate.Of(body, [.. Enumerable.Range(0, World.Reigns.SetOf(Self.Epoch).Count).Select(seat =>
            new CertificateSignature((ushort)seat, World.Book.Sign(World.Reigns.IdentityOf(Self.Epoch, seat)!.Value, digest)))]);
    }
}
