using AppChain.Consensus;
using AppChain.Node.Driver;
using AppChain.Node.Pool;
using AppChain.Node.Signer;
using AppChain.Node.Sync;
using Microsoft.Extensions.Logging;

namespace AppChain.Node;

/// <summary>The parts that agree with other validators on what comes next, sign for it, and catch up when they cannot.</summary>
internal sealed class ConsensusParts
{
    private readonly OpenHome open;
    private readonly ChainParts chain;
    private readonly ILogger signerLog;
    private readonly VoteCrypto crypto;
    private readonly BlankRecord blank;
    private readonly BlockSync sync;
    private readonly StateSync states;
    private readonly Follower follower;
    private readonly EvidenceReporter evidence;
    private readonly ulong openedMs;

    /// <param name="openedMs">When the process opened the home.</param>
    public ConsensusParts(OpenHome open, ChainParts chain, NodeRuntime.NodeServices services, ulong openedMs)
    {
        (this.open, this.chain, this.openedMs) = (open, chain, openedMs);
        (TimeProvider clock, ILoggerFactory logs, _) = services;
        ChainReader reader = chain.Reader;
        NodeConfig config = open.Config;
        signerLog = logs.CreateLogger("Signer");
        crypto = new VoteCrypto(open.Key);

        ILogger syncLog = logs.CreateLogger("Sync");
        states = new StateSync(chain.Network, reader, open.Genesis, open.Home, config.Sync) { Clock = clock, Log = syncLog };
        SyncChecks checks = new(open.ChainId, crypto, reader);
        sync = new BlockSync(chain.Network, reader, () => new BlockPipeline(chain.Chain, checks, chain.Intake), checks, clock, syncLog)
        {
            TakeState = states.TryAsync,
        };
        follower = new Follower(start => start.Epoch.SeatOf(open.Key.PublicKey.Span) is not null, reader, sync, clock);

        SignerRates rates = new(
            new SignerRate(config.Pool.DevicePerSecond, config.Pool.DeviceBurst),
            new SignerRate(config.Pool.AccountPerSecond, config.Pool.AccountBurst), clock);
        Ingress = new Ingress(() => reader.State, clock, chain.Tracker, chain.Cutter) { Rates = rates };

        ILogger log = logs.CreateLogger("Consensus");
        VoteGuard guard = new(open.Signed, (seat, body) => new Vote(body, seat, crypto.Sign(body.SigningDigest(open.ChainId))), signerLog);
        JournalKeeper journal = new(open.Store.Journal, () => open.Store.Tip.Height, guard);
        evidence = new EvidenceReporter(open.Genesis.ChainId, open.Operator, Ingress, reader, clock, log);
        DriverTargets targets = new(chain.Network, chain.Chain, sync, evidence, clock, log);
        Driver = new ConsensusDriver(NewCore, journal, chain.Inbox, reader, targets);
        blank = new BlankRecord(open.Signed, chain.Network, open.Key.PublicKey, clock, signerLog);
    }

    public Ingress Ingress { get; }

    public ConsensusDriver Driver { get; }

    /// <summary>True while blocks or a state are being fetched.</summary>
    public bool IsSyncing => sync.IsRunning || states.IsFetching;

    /// <summary>A state has arrived to start anew on.</summary>
    public bool HasStateArrived => states.HasArrived;

    /// <summary>What runs as long as the node does.</summary>
    public IEnumerable<Func<CancellationToken, Task>> Loops =>
        [Ingress.RunAsync, RunConsensusAsync, sync.RunAsync, follower.RunAsync, evidence.RunAsync];

    private async Task RunConsensusAsync(CancellationToken stop)
    {
        await blank.BeginAsync(() => chain.Reader.EpochStart.Epoch, sync.RequestNew, stop);
        await Driver.RunAsync(stop);
    }

    private Core NewCore(EpochStart start)
    {
        View above = BlankRecord.SignAbove(open.Signed.Votes, start, openedMs);
        if (above > open.Signed.Votes.SignAbove(start.Epoch.Number) && start.Epoch.SeatOf(open.Key.PublicKey.Span) is not null)
            SignerLog.BlankEpoch(signerLog, start.Epoch.Number.Value);
        return new Core(OptionsOf(start.Epoch, above), crypto, start.Point, start.Finalization);
    }

    private CoreOptions OptionsOf(ConsensusEpoch epoch, View signAbove) => new()
    {
        ChainId = open.ChainId,
        Validators = epoch.Validators,
        Epoch = epoch.Number,
        LeaderSeed = open.Genesis.Hash.ToDigest(),
        Signer = epoch.SeatOf(open.Key.PublicKey.Span),
        SignAbove = signAbove,
        Timeouts = TimeoutsOf(open.Config.Consensus),
    };

    private static TimeoutOptions TimeoutsOf(NodeConfig.ConsensusConfig settings) => new()
    {
        LeaderMs = (ulong)settings.LeaderTimeoutMs,
        AdvanceMs = (ulong)settings.AdvanceTimeoutMs,
        SkipMs = (ulong)settings.AdvanceTimeoutMs * 4,
        RetryMs = (ulong)settings.LeaderTimeoutMs, // both are estimates of 2δ
        CapMs = Math.Max(10_000, (ulong)settings.AdvanceTimeoutMs),
        IdleIntervalMs = (ulong)settings.IdleIntervalMs,
        ProposalIntervalMs = (ulong)Math.Min(settings.ProposalIntervalMs, settings.LeaderTimeoutMs / 2),
    };
}
