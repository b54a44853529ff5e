using AppChain.Crypto;
using AppChain.Grpc;
using AppChain.Node;
using AppChain.Node.Cli;
using AppChain.Node.Doctor;
using AppChain.Node.Peers;
using AppChain.Protos.V1;
using Grpc.Core;
using KeyScheme = AppChain.Crypto.KeyScheme;

namespace Node.Tests;

/// <summary>What `appchain net doctor` makes of reports, and what it reports of real nodes.</summary>
public sealed class DoctorTests
{
    private static readonly OwnReport Own = new("1.0.0", "0.0.0.0:26601", TimeSpan.FromMilliseconds(250), Problem: null) { Height = 1_000 };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Of_PeersThatAreWell_FindsNothing() => Assert.Empty(Diagnosis.Of(Own, [Well(1), Well(2), Well(3)]));

    [Fact]
    public void Of_EachThingThatCanBeWrong_NamesItOnce_WithAdvice()
    {
        Assert.Equal(FindingKind.Unreachable, Only(Well(1) with { Answer = PeerAnswer.None, Detail = "nothing answers" }));
        Assert.Equal(FindingKind.NotANode, Only(Well(1) with { Answer = PeerAnswer.NotANode, Detail = "shows no certificate" }));
        Assert.Equal(FindingKind.Refused, Only(Well(1) with { Answer = PeerAnswer.Refused, Detail = "another chain" }));
        Assert.Equal(FindingKind.AnotherNode, Only(Well(1) with { Key = KeyOf(2) }));
        Assert.Equal(FindingKind.Version, Only(Well(1) with { Version = "1.0.1" }));
        Assert.Equal(FindingKind.Clock, Only(Well(1) with { ClockAhead = TimeSpan.FromSeconds(-3) }));
        Assert.Equal(FindingKind.Latency, Only(Well(1) with { RoundTrip = TimeSpan.FromMilliseconds(300) }));
        Assert.Equal(FindingKind.Behind, Only(Well(1) with { Height = 1 }));
        Assert.Equal(FindingKind.NotHeard, Only(Well(1) with { IsHeard = false }));
    }

    [Fact]
    public void Of_AClockOffsetWithinTheErrorOfTheMeasure_IsNoFinding() =>
        Assert.Equal([FindingKind.Latency], Kinds(Own, Well(1) with { RoundTrip = TimeSpan.FromSeconds(2), ClockAhead = TimeSpan.FromMilliseconds(1_400) }));

    [Fact]
    public void Of_MostClocksOffTheSameWay_BlamesThisMachinesClockOnce()
    {
        TimeSpan off = TimeSpan.FromSeconds(5);
        Finding finding = Assert.Single(Diagnosis.Of(Own, [Well(1) with { ClockAhead = off }, Well(2) with { ClockAhead = off }, Well(3)]));
        Assert.Equal((FindingKind.Clock, "this node"), (finding.Kind, finding.Subject));
        Assert.Contains("5.0 s behind", finding.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ThisNodesOwnFaults_ArePointedOut()
    {
        PeerReport remote = Well(1) with { Peer = new ExpectedPeer("validator 1", "192.0.2.1:26601", KeyOf(1)) };
        Assert.Equal([FindingKind.ThisNode], Kinds(Own with { PeerListen = "127.0.0.1:26601" }, remote));
        Assert.Equal([FindingKind.ThisNode], Kinds(Own with { Problem = "it does not answer", Height = null }, remote));
        Assert.Equal([FindingKind.ThisNode], Kinds(Own));
        Assert.Equal([FindingKind.Behind], Kinds(Own with { Height = 1 }, remote));
    }

    [Fact]
    public async Task Doctor_OfARunningNetwork_FindsWhatIsWrongAndNothingElse()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        await network.WaitForHeightAsync(0, 2);
        Assert.Empty(await FindAsync(network, 0, peers => peers.All(peer => peer.IsHeard == true)));

        // Validator 3 is gone; 2 is expected where 1 is; and where a devnet's 4th would be somebody's other program listens.
        await network.StopAsync(3);
        await network.StopAsync(0);
        NodeConfig config = NodeConfig.Load(network.Home(0), new Dictionary<string, string?>());
        config.Peer.Validators["2"] = network.PeerAddresses[1];
        config.Peer.Validators["1"] = network.Addresses[1];
        config.Save(network.Home(0).ConfigFile);
        await network.StartAsync(0);
        List<(FindingKind, string)> found = await FindAsync(network, 0, peers => peers.Count(peer => peer.IsHeard == true) == 2);
        Assert.Equal(
            [(FindingKind.NotANode, "validator 1"), (FindingKind.AnotherNode, "validator 2"), (FindingKind.Unreachable, "validator 3"), (FindingKind.NotHeard, "validator 3")], found);
    }

    [Fact]
    public async Task Doctor_WithAnotherGenesisFile_IsToldSoByEveryPeerAndByTheOwnNode()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        NodeHome home = network.Home(0);
        await File.WriteAllTextAsync(home.GenesisFile, await File.ReadAllTextAsync(home.GenesisFile, Stop) + "\n", Stop);

        Visit visit = await ExamineAsync(network, 0);

        Assert.Equal([FindingKind.ThisNode, FindingKind.Refused, FindingKind.Refused, FindingKind.Refused], visit.Findings.Select(finding => finding.Kind));
        Assert.All(visit.Peers, peer => Assert.Equal(ChainIdentity.OtherGenesis, peer.Detail));
    }

    [Fact]
    public async Task Probe_OfAPeer_MeasuresItsClockAndReadsWhatItSays()
    {
        Hash256 genesis = Hashing.Sha256([1]);
        using TestPeer own = TestPeer.Stranger(genesis), peer = TestPeer.Stranger(genesis);
        await using GrpcListener listener = await peer.ListenAsync(new LateClock());
        ExpectedPeer expected = new("validator 1", listener.Endpoint.ToString(), Key: null);

        PeerReport report = await new PeerProbe(own.Identity, new HelloRequest(), TimeProvider.System).AskAsync(expected, Stop);

        Assert.Equal((PeerAnswer.Hello, "9.9.9", 77ul), (report.Answer, report.Version, report.Height));
        Assert.Equal(Address.Of(KeyScheme.Secp256k1, peer.Identity.ConsensusKey.Span), report.Key);
        Assert.InRange(report.ClockAhead.TotalSeconds, -10 - report.RoundTrip.TotalSeconds - 0.01, -10 + report.RoundTrip.TotalSeconds + 0.01);
        Assert.True(report.RoundTrip > TimeSpan.Zero);
    }

    private sealed class LateClock : PeerService.PeerServiceBase
    {
        public override Task<HelloResponse> Hello(HelloRequest request, ServerCallContext context) =>
            Task.FromResult(new HelloResponse { Version = "9.9.9", Height = 77, TimeMs = (ulong)DateTimeOffset.UtcNow.AddSeconds(-10).ToUnixTimeMilliseconds() });
    }

    /// <summary>What the doctor finds once the peers are as they should be, but for latency: the machine may be busy.</summary>
    private static async Task<List<(FindingKind, string)>> FindAsync(LocalNetwork network, int index, Func<IReadOnlyList<PeerReport>, bool> settled)
    {
        long since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Visit visit = await ExamineAsync(network, index);
            if (settled(visit.Peers))
                return [.. visit.Findings.Where(finding => finding.Kind != FindingKind.Latency).Select(finding => (finding.Kind, string.Join(' ', finding.Subject.Split(' ').Take(2))))];
            Assert.True(TimeProvider.System.GetElapsedTime(since) < Bounds.Finality, string.Join("; ", visit.Findings));
            await Task.Delay(50, Stop);
        }
    }

    private static Task<Visit> ExamineAsync(LocalNetwork network, int index)
    {
        NodeConfig config = NodeConfig.Load(network.Home(index), new Dictionary<string, string?>());
        return NetDoctor.ExamineAsync(network.Home(index), config, CommonOptions.Connect, publicPort: null, Stop);
    }

    private static FindingKind Only(PeerReport peer)
    {
        Finding finding = Assert.Single(Diagnosis.Of(Own, [peer, Well(2), Well(3)]));
        Assert.StartsWith("validator 1 at ", finding.Subject, StringComparison.Ordinal);
        Assert.NotEmpty(finding.Problem);
        Assert.EndsWith(".", finding.Advice, StringComparison.Ordinal);
        return finding.Kind;
    }

    private static IEnumerable<FindingKind> Kinds(OwnReport own, params PeerReport[] peers) => Diagnosis.Of(own, peers).Select(finding => finding.Kind);

    private static PeerReport Well(int number) =>
        new(new ExpectedPeer($"validator {number}", "127.0.0.1:26611", KeyOf(number)), PeerAnswer.Hello)
        {
            Key = KeyOf(number),
            RoundTrip = TimeSpan.FromMilliseconds(20),
            ClockAhead = TimeSpan.FromMilliseconds(30),
            Version = "1.0.0",
            Height = 1_000,
            IsHeard = true,
        };

    private static Address KeyOf(int number) => Address.Of(KeyScheme.Secp256k1, Hashing.Sha256([(byte)number]).Bytes);
}
