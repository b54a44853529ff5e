namespace AppChain.Consensus.Tests;

/// <summary>One core, everybody else played by hand: each rule is shown alone. Four validators unless said otherwise; we are index
/// 0.</summary>
sealed class Rig
{
    public static readonly TimeoutOptions Timeouts = new()
    {
        LeaderMs = 100,
        AdvanceMs = 150,
        SkipMs = 800,
        RetryMs = 80,
        IdleIntervalMs = 3_000,
        CapMs = 2_000,
    };

    readonly ulong[] powers;

    public Rig(
        ulong[]? powers = null,
        ushort? self = 0,
        Rig? restartOf = null,
        ChainPoint? tip = null,
        Certificate? finalization = null,
        Epoch epoch = default,
        View signAbove = default,
        TimeoutOptions? timeouts = null)
    {
        this.powers = powers ?? [1, 1, 1, 1];
        Validators = new ValidatorSet([.. this.powers.Select((power, i) => new Validator(KeyedHashCrypto.PublicKey((ushort)i), power))]);
        Core = new Core(
            new CoreOptions
            {
                ChainId = Cluster.ChainId,
                Validators = Validators,
                Signer = self,
                Timeouts = timeouts ?? Timeouts,
                Epoch = epoch,
                SignAbove = signAbove,
            },
            new KeyedHashCrypto(self ?? 0),
            tip ?? Genesis,
            finalization);
        NowMs = restartOf?.NowMs + 1_000 ?? 0;
        if (restartOf is not null)
        {
            Journal = [.. restartOf.Journal];
            Replayed = [.. Journal.Select(record => Core.Replay(record))];
        }
    }

    public static ChainPoint Genesis { get; } = ChainPoint.Genesis(Cluster.GenesisHash, 1_000);

    public Core Core { get; }
    public ValidatorSet Validators { get; }
    public List<byte[]> Journal { get; } = [];
    public List<ReplayResult> Replayed { get; } = [];

    /// <summary>Our votes that the journal holds.</summary>
    public IEnumerable<Vote> OwnVotes => Journal.Where(record => Core.TryReadOwnVote(record, out _))
        .Select(record => Core.TryReadOwnVote(record, out var vote) ? vote : null!);

    public ulong NowMs { get; private set; }

    /// <summary>Effects of the last step.</summary>
    public List<Effect> Effects { get; private set; } = [];

    /// <summary>These votes come from elsewhere than the journal.</summary>
    public Rig Recalling(IEnumerable<Vote> votes)
    {
        foreach (var vote in votes)
        {
            Core.Recall(vote);
        }

        return this;
    }

    public Rig Started(bool working = true)
    {
        Do(new Input.Start());
        if (working)
        {
            var start = Effects;
            Do(new Input.Work(true));
            Effects = [.. start, .. Effects];
        }

        return this;
    }

    public List<Effect> Do(Input input)
    {
        Effects = [];
        Core.Step(input, NowMs, Effects);
        Journal.AddRange(Effects.OfType<Effect.Append>().Select(append => append.Record.ToArray()));
        Assert.True(Core.NextDeadlineMs is null || Core.NextDeadlineMs > NowMs);
        return Effects;
    }

    public List<Effect> Receive(Message message, ushort from = 1) => Do(new Input.Received(from, message));

    public List<Effect> TickAfter(ulong ms)
    {
        NowMs += ms;
        return Do(new Input.Tick());
    }

    /// <summary>The first view at or after this one that the validator leads, or that it does not.</summary>
    public View ViewLedBy(ushort leader, ulong from = 1) => Views(from).First(view => Core.LeaderOf(view) == leader);

    public View ViewNotLedBy(ushort leader, ulong from = 1) => Views(from).First(view => Core.LeaderOf(view) != leader);

    /// <summary>Brings the core to a view by a nullification of each view before it.</summary>
    public Rig SkipTo(View view)
    {
        while (Core.View < view)
        {
            Receive(Proof(VoteBody.Nullify(default, Core.View)));
        }

        return this;
    }

    public Block Block(View view, ChainPoint? parent = null, byte mark = 0, Func<Header, Header>? change = null)
    {
        var on = parent ?? Genesis;
        byte[] payload = [mark];
        var draw = BeaconDraw.After(on.Beacon, new KeyedHashCrypto(Core.LeaderOf(view)));
        var header = new Header
        {
            ChainId = Cluster.ChainId,
            Epoch = default,
            View = view,
            Height = on.Height.Next,
            ParentView = on.View,
            ParentHash = on.Hash,
            TimeMs = on.TimeMs + 10,
            Leader = Core.LeaderOf(view),
            PayloadHash = Consensus.Block.HashOfPayload(payload),
            StateRoot = Digest.Zero,
            ReceiptsRoot = Digest.Zero,
            ValidatorsHash = Validators.Hash,
            NextValidatorsHash = Digest.Zero,
            Beacon = draw.Beacon,
            BeaconProof = draw.Proof,
        };
        Assert.True(Consensus.Block.TryCreate(change?.Invoke(header) ?? header, payload, out var block));
        return block;
    }

    public static Vote Sign(ushort signer, VoteBody body) =>
        new(body, signer, new KeyedHashCrypto(signer).Sign(body.SigningDigest(Cluster.ChainId)));

    public static Message.Ballot Ballot(ushort signer, VoteBody body) => new(Sign(signer, body));

    public static VoteBody Notarize(Block block) => VoteBody.For(VoteKind.Notarize, block.Header, block.Hash);

    public static VoteBody Finalize(Block block) => VoteBody.For(VoteKind.Finalize, block.Header, block.Hash);

    public static VoteBody Nullify(View view) => VoteBody.Nullify(default, view);

    public static Message.Proposal Proposal(Block block) =>
        new(block, Sign(block.Header.Leader, Notarize(block)).Signature);

    public static Message.Proof Proof(VoteBody body, params ushort[] signers) =>
        new(Certificate.Of(body, [.. (signers.Length == 0 ? [1, 2, 3] : signers).Select(signer => Part(signer, body))]));

    static CertificateSignature Part(ushort signer, VoteBody body) => new(signer, Sign(signer, body).Signature);

    /// <summary>The proposal arrives and the host finds it valid.</summary>
    public void AcceptProposal(Block block)
    {
        Receive(Proposal(block), block.Header.Leader);
        Do(new Input.Checked(block.View, block.Hash, CheckResult.Valid));
    }

    /// <summary>The proposal arrives, its notarization too, and the host holds it: we leave its view.</summary>
    public ChainPoint Notarized(Block block)
    {
        AcceptProposal(block);
        Receive(Proof(Notarize(block)));
        Do(new Input.Held(block.View, block.Hash));
        return ChainPoint.Of(block);
    }

    public IEnumerable<VoteKind> VotesSent => Sent.Select(message => message switch
    {
        Message.Ballot ballot => ballot.Vote.Kind,
        Message.Proposal => VoteKind.Notarize,
        _ => default,
    }).Where(kind => kind != default);

    public IEnumerable<Message> Sent => Effects.Select(effect => effect switch
    {
        Effect.Broadcast(var message) => message,
        Effect.Send(_, var message) => message,
        _ => null,
    }).OfType<Message>();

    public T? Effect<T>()
        where T : Effect => Effects.OfType<T>().SingleOrDefault();

    static IEnumerable<View> Views(ulong from) => Enumerable.Range(0, 1_000).Select(i => new View(from + (ulong)i));
}
