using System.Net;
using AppChain.Crypto;
using AppChain.Node;
using AppChain.Node.Peers;
using Grpc.Core;

namespace Node.Tests;

/// <summary>What one caller can take, and what it cannot take from others; how long a node waits before it calls again.</summary>
public sealed class PeerQuotaTests
{
    private readonly PeerPlaces places = new();

    [Fact]
    public void Enter_ANewerStreamOfTheSameCaller_EndsTheOlder()
    {
        PeerCaller caller = Caller(1, isValidator: true);
        using PeerPlaces.Place older = Enter(caller);
        using PeerPlaces.Place batches = Enter(caller, PeerStream.Batches);
        using PeerPlaces.Place newer = Enter(caller);

        Assert.True(older.IsReplaced && older.Token.IsCancellationRequested);
        Assert.False(batches.IsReplaced || newer.IsReplaced || newer.TakenFromAnotherNode);
        older.Dispose();
        Assert.True(places.IsHeard(AddressOf(1)));
        newer.Dispose();
        Assert.False(places.IsHeard(AddressOf(1)));
    }

    [Fact]
    public void Enter_ANodeWithAnothersConsensusKey_IsToldFromItsRestart()
    {
        PeerCaller caller = Caller(1, isValidator: true);
        using PeerPlaces.Place first = Enter(caller);
        using PeerPlaces.Place second = Enter(caller with { Node = caller.Node with { NodeKey = Key(2) } });
        Assert.True(second.TakenFromAnotherNode && first.IsReplaced);
    }

    [Fact]
    public void Enter_StrangersTookAllOfTheirPlaces_ValidatorsStillFit()
    {
        List<PeerPlaces.Place> taken = [.. Enumerable.Range(0, NodeLimits.FollowerStreamsMax).Select(i => Enter(Caller(i, isValidator: false)))];

        Assert.Equal(StatusCode.ResourceExhausted, Assert.Throws<RpcException>(() => Enter(Caller(9_999, isValidator: false))).StatusCode);
        using PeerPlaces.Place validator = Enter(Caller(10_000, isValidator: true));
        using PeerPlaces.Place again = Enter(Caller(0, isValidator: false)); // in the place of its own older one
        taken[1].Dispose();
        using PeerPlaces.Place next = Enter(Caller(9_999, isValidator: false));
        Assert.False(validator.IsReplaced || again.IsReplaced || next.IsReplaced);
    }

    [Fact]
    public void BeginAnswer_AboveTheQuota_IsRefusedUntilOneEnds()
    {
        PeerCaller one = Caller(1, isValidator: true);
        List<PeerPlaces.Place> taken = [.. Enumerable.Range(0, NodeLimits.AnswersPerValidatorMax).Select(_ => Begin(one))];

        Assert.Equal(StatusCode.ResourceExhausted, Assert.Throws<RpcException>(() => Begin(one)).StatusCode);
        Begin(Caller(2, isValidator: true)).Dispose();
        taken[0].Dispose();
        Begin(one).Dispose();

        for (int i = 0; i < NodeLimits.AnswersToFollowersMax; i++)
            Begin(Caller(100 + i, isValidator: false));
        Assert.Throws<RpcException>(() => Begin(Caller(99, isValidator: false)));
    }

    [Fact]
    public void BackOff_GrowsToItsBound_NeverBelowHalf_AndBeginsAgain()
    {
        TimeSpan first = TimeSpan.FromMilliseconds(100), longest = TimeSpan.FromSeconds(2);
        BackOff backOff = new(first, longest, new Random(7));
        List<double> waits = [.. Enumerable.Range(0, 200).Select(_ => backOff.Next().TotalMilliseconds)];

        Assert.InRange(waits[0], 50, 100);
        Assert.InRange(waits[1], 100, 200);
        Assert.InRange(waits[4], 800, 1_600);
        Assert.All(waits.Skip(5), wait => Assert.InRange(wait, 1_000, 2_000));
        Assert.True(waits.Skip(5).Distinct().Count() > 100, "waits are not spread");
        backOff.Reset();
        Assert.InRange(backOff.Next().TotalMilliseconds, 50, 100);
    }

    [Fact]
    public void Refused_TheSameAgainAndAgain_IsOneLine_AndAFloodIsBounded()
    {
        LogCapture log = new();
        RefusedCallers refused = new(TimeProvider.System, log);
        for (int i = 0; i < 1_000; i++)
            refused.Say(new IPEndPoint(IPAddress.Loopback, i), "it shows no certificate");
        Assert.Single(log.With("it shows no certificate"));
        for (int i = 0; i < 10_000; i++)
            refused.Say(new IPAddress(i), "something else");
        Assert.Equal(NodeLimits.RefusalsRememberedMax - 1, log.With("something else").Count);
    }

    [Fact]
    public void Clean_OfWhatAnotherNodeSaid_IsOneShortLineThatATerminalCanShow()
    {
        Assert.Equal("café on chain-1", PeerText.Clean("café on chain-1"));
        Assert.Equal("a?b?[31m?c?", PeerText.Clean("a\nb\u001b[31m\u2028c\u202e"));
        Assert.Equal(PeerText.LengthMax, PeerText.Clean(new string('x', 1 << 20)).Length);
    }

    private PeerPlaces.Place Enter(PeerCaller caller, PeerStream kind = PeerStream.Consensus) => places.Enter(caller, kind, CancellationToken.None);

    private PeerPlaces.Place Begin(PeerCaller caller) => places.BeginAnswer(caller, CancellationToken.None);

    private static PeerCaller Caller(int number, bool isValidator) =>
        new(new NodeCertificate(Hash256.Zero, Key(number), Key(number)), isValidator ? number : null, isValidator);

    private static Address AddressOf(int number) => Address.Of(KeyScheme.Secp256k1, Key(number));

    private static byte[] Key(int number) => Hashing.Sha256(BitConverter.GetBytes(number)).Bytes.ToArray();
}
