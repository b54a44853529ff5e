namespace AppChain.Simulation;

/// <summary>Says nothing, for good or for spells of time.</summary>
sealed class Silent(World world, Machine self) : Traitor(world, self)
{
    const long SpellUs = 500_000;

    readonly bool forGood = world.Dice.Chance(500);

    bool Speaks => !forGood && Mix.Fold((ulong)Self.Place, (ulong)(World.Agenda.NowUs / SpellUs)) % 2 == 0;

    public override bool Serves(int signer) => Speaks;

    public override void OnBroadcast(Message message)
    {
        if (Speaks)
        {
            base.OnBroadcast(message);
        }
        else
        {
            Did(Misdeed.IsSilent);
        }
    }

    public override void OnSend(int to, Message message)
    {
        if (Speaks)
        {
            base.OnSend(to, message);
        }
    }
}

/// <summary>Tells each view's news to a minimal quorum only, serves its batches to nobody else, and answers no requests.</summary>
sealed class SenderToFew(World world, Machine self) : Traitor(world, self)
{
    public override bool Serves(int signer) => Chosen().Contains(signer);

    public override void OnBroadcast(Message message)
    {
        if (message is not Message.Proof)
        {
            Did(Misdeed.SendsToFew);
            Tell(Chosen(), message);
        }
    }

    public override void OnSend(int to, Message message)
    {
    }

    List<int> Chosen()
    {
        var chosen = new List<int>();
        var mask = Power.Bit(Self.Signer);
        var order = new Dice(Mix.Fold((ulong)Self.Place, Self.View.Value));
        foreach (var peer in order.Shuffled(Others()))
        {
            if (Power.IsQuorum(World.Reigns.PowersIn(Self.Epoch), mask))
            {
                break;
            }

            mask |= Power.Bit(peer);
            chosen.Add(peer);
        }

        return chosen;
    }
}

/// <summary>Keeps what it hears and says, and sends it again when it is out of date.</summary>
sealed class Replayer(World world, Machine self) : Traitor(world, self)
{
    /// <summary>Messages remembered.</summary>
    const int MemoryMax = 128;

    readonly List<Message> memory = [];

    public override void OnReceived(Message message) => Remember(message);

    public override void OnBroadcast(Message message)
    {
        Remember(message);
        if (Dice.Chance(700))
        {
            base.OnBroadcast(message);
        }

        for (var again = Dice.Below(3); again > 0; again--)
        {
            Did(Misdeed.Replays);
            Tell(Some(), Dice.Pick(memory));
        }
    }

    void Remember(Message message)
    {
        if (memory.Count < MemoryMax)
        {
            memory.Add(message);
        }
        else if (Dice.Chance(100))
        {
            memory[Dice.Below(MemoryMax)] = message;
        }
    }
}

/// <summary>Honest code on a disk that forgets: after a restart it may contradict itself.</summary>
sealed class Forgetful : Traitor
{
    const long BetweenUs = 400_000;

    public Forgetful(World world, Machine self)
        : base(world, self) => world.Agenda.After(Dice.Between(1, BetweenUs), Forget);

    public override bool LosesJournal => true;

    void Forget()
    {
        if (Self.Running)
        {
            Did(Misdeed.ForgetsItsJournal);
            Self.Crash("it forgets");
        }

        World.Agenda.After(Dice.Between(1, 2 * BetweenUs), Forget);
    }
}
