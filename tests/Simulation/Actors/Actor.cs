namespace AppChain.Simulation;

/// <summary>Stands between a core and the network: this one passes on what the core says. Others do worse.</summary>
class Actor(World world, Machine self)
{
    protected World World => world;

    protected Machine Self => self;

    /// <summary>A crash loses the whole journal.</summary>
    public virtual bool LosesJournal => false;

    /// <summary>Whether it hands out batches to this validator.</summary>
    public virtual bool Serves(int signer) => true;

    public virtual void OnBroadcast(Message message)
    {
        Witness(message);
        world.Coverage.Happened(Misdeed.Twins, self.Place != self.Signer);
        foreach (var to in Others())
        {
            world.Network.Send(self.Place, self.Signer, to, message);
        }
    }

    public virtual void OnSend(int to, Message message)
    {
        Witness(message);
        world.Network.Send(self.Place, self.Signer, to, message);
    }

    public virtual void OnReceived(Message message)
    {
    }

    public virtual void OnReport(Evidence evidence) => world.Oracle.OnReport(self, evidence);

    public static Actor For(Misdeed? misdeed, World world, Machine self) => misdeed switch
    {
        null => new Honest(world, self),
        Misdeed.Twins => new Actor(world, self), // A twin runs honest code; there are two of them.
        Misdeed.Equivocates => new Equivocator(world, self),
        Misdeed.VotesForAll => new VoterForAll(world, self),
        Misdeed.NullifiesAndFinalizes => new Nuller(world, self),
        Misdeed.IsSilent => new Silent(world, self),
        Misdeed.SendsToFew => new SenderToFew(world, self),
        Misdeed.Replays => new Replayer(world, self),
        Misdeed.Impersonates => new Impersonator(world, self),
        Misdeed.ProposesInvalid => new InvalidProposer(world, self),
        Misdeed.SkipsViews => new ViewSkipper(world, self),
        Misdeed.WrongEpoch => new WrongEpochSender(world, self),
        Misdeed.ForgetsItsJournal => new Forgetful(world, self),
        Misdeed.AnyOfThese => new AnyOfThese(world, self),
        _ => throw new InvalidOperationException($"{misdeed} has an actor"),
    };

    protected IEnumerable<int> Others() => Enumerable.Range(0, world.Scenario.Powers.Length).Where(i => i != self.Signer);

    void Witness(Message message)
    {
        if (self.IsHonest)
        {
            world.Oracle.OnSent(self, message);
        }
        else if (message is Message.Proposal proposal)
        {
            world.Oracle.OnBlock(proposal.Block);
        }
    }
}
