using AppChain.Simulation.Execution;

namespace AppChain.Simulation;

/// <summary>As a leader proposes blocks that no honest validator may vote for; and proposes when it is not its turn.</summary>
sealed class InvalidProposer(World world, Machine self) : Traitor(world, self)
{
    /// <summary>Above what a block may carry.</summary>
    const int TooManyBytes = 20_000;

    public override void OnReceived(Message message)
    {
        if (message is Message.Proposal(var block, _) && block.Header.Epoch == Self.Epoch && Dice.Chance(50))
        {
            var header = block.Header with { Leader = SeatIn(Self.Epoch) };
            Tell(Some(), Sign(Drawn(header, Self.Signer, World.Oracle.BeaconOf(header.ParentHash)), Payload()));
        }
    }

    public override void OnBroadcast(Message message)
    {
        if (message is Message.Proposal(var block, _) && Self.Made(block.Header))
        {
            Did(Misdeed.ProposesInvalid);
            Tell(Some(), Misshapen(block.Header) ?? Sign(Spoilt(block.Header), Payload()));
        }
        else
        {
            base.OnBroadcast(message);
        }
    }

    // A payload that is too long or not the header's. A codec that does its work does not let it be.
    Message.Proposal? Misshapen(Header header)
    {
        var payload = new byte[Dice.Pick([1, TooManyBytes])];
        var claimed = payload.Length == TooManyBytes ? Block.HashOfPayload(payload) : header.PayloadHash;
        return Block.TryCreate(header with { PayloadHash = claimed }, payload, out var block) ? Sign(block) : null;
    }

    Header Spoilt(Header header) => Dice.Below(15) switch
    {
        0 => header with { StateRoot = Digest.Zero },
        1 => header with { ReceiptsRoot = Digest.Zero },
        2 => header with { Height = header.Height.Next },
        3 => header with { Height = new Height(header.Height.Value - 1) },
        4 => OnNobody(header, HashExecution.StateAfter(header.ParentHash)),
        5 => header with { TimeMs = header.TimeMs - 100_000 },
        6 => header with { TimeMs = header.TimeMs + 100_000 },
        7 => header with { ValidatorsHash = Digest.Zero },
        8 => header with { NextValidatorsHash = header.EndsEpoch && Dice.Chance(500) ? Digest.Zero : header.ValidatorsHash },
        9 => header with { ParentView = header.View },
        10 => header with { ParentView = header.View.Next },
        11 => header with { Beacon = header.ParentHash },
        12 => header with { BeaconProof = default },
        13 => Drawn(header, Self.Signer, header.ParentHash),
        _ => header with { Leader = (ushort)((header.Leader + 1) % World.Scenario.Powers.Length) },
    };

    // The parent does not exist, but all that a host checks fits it.
    static Header OnNobody(Header header, Digest parent) => header with
    {
        ParentHash = parent,
        StateRoot = HashExecution.StateAfter(parent),
        ReceiptsRoot = HashExecution.ReceiptsOf(parent),
    };
}

/// <summary>As a leader builds on an old block, leaving out a view that has no nullification: the oldest attack on a chain.</summary>
sealed class ViewSkipper(World world, Machine self) : Traitor(world, self)
{
    /// <summary>Blocks remembered as parents to be.</summary>
    const int MemoryMax = 6;

    readonly List<Block> memory = [];

    public override void OnReceived(Message message)
    {
        if (message is Message.Proposal(var block, _) && block.Header.Epoch == Self.Epoch)
        {
            Remember(block);
        }

        // It does not wait for its turn to come properly: it proposes as soon as it hears of the view before.
        if (BodyOf(message) is { } body && body.Epoch == Self.Epoch && Dice.Chance(30) && Self.Leads(body.View.Next))
        {
            Skip(body.View.Next);
        }
    }

    public override void OnBroadcast(Message message)
    {
        if (message is Message.Proposal(var block, _) && Self.Made(block.Header))
        {
            Remember(block);
            if (Dice.Chance(700))
            {
                Skip(block.View);
                return;
            }
        }

        base.OnBroadcast(message);
    }

    void Skip(View view)
    {
        Did(Misdeed.SkipsViews);
        Block[] old = [.. memory.Where(block => block.Header.Epoch == Self.Epoch && block.View < view)];
        var parent = old.Length == 0 || Dice.Chance(100) ? Self.EpochStart : ChainPoint.Of(Dice.Pick(old));
        var (state, receipts) = World.Oracle.After(parent.Hash);
        var draw = SignatureBook.Draw(Self.Signer, parent.Beacon);
        var header = new Header
        {
            ChainId = Scenario.ChainId,
            Epoch = Self.Epoch,
            View = view,
            Height = parent.Height.Next,
            ParentView = parent.View,
            ParentHash = parent.Hash,
            TimeMs = ulong.Max(parent.TimeMs + 1, Self.Clock.WallMs),
            Leader = SeatIn(Self.Epoch),
            PayloadHash = default, // Filled in where it is signed.
            StateRoot = state,
            ReceiptsRoot = receipts,
            ValidatorsHash = World.Reigns.SetOf(Self.Epoch).Hash,
            NextValidatorsHash = World.Scenario.EndsEpoch(parent.Height.Value + 1)
                ? World.Reigns.SetOf(new Epoch(Self.Epoch.Value + 1)).Hash
                : Digest.Zero,
            Beacon = draw.Beacon,
            BeaconProof = draw.Proof,
        };
        Tell(Dice.Chance(500) ? Others() : Some(), Sign(header, Payload()));
    }

    void Remember(Block block)
    {
        memory.Add(block);
        if (memory.Count > MemoryMax)
        {
            memory.RemoveAt(0);
        }
    }
}

/// <summary>Each message another misdeed.</summary>
sealed class AnyOfThese(World world, Machine self) : Traitor(world, self)
{
    readonly Actor[] moods =
    [
        new Equivocator(world, self), new VoterForAll(world, self), new Nuller(world, self), new Silent(world, self),
        new SenderToFew(world, self), new Replayer(world, self), new Impersonator(world, self), new InvalidProposer(world, self),
        new ViewSkipper(world, self), new WrongEpochSender(world, self),
    ];

    public override bool Serves(int signer) => Dice.Pick(moods).Serves(signer);

    public override void OnReceived(Message message) => Dice.Pick(moods).OnReceived(message);

    public override void OnBroadcast(Message message)
    {
        Did(Misdeed.AnyOfThese);
        Dice.Pick(moods).OnBroadcast(message);
    }

    public override void OnSend(int to, Message message) => Dice.Pick(moods).OnSend(to, message);
}
