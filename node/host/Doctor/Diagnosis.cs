using System.Globalization;
using System.Net;
using AppChain.Crypto;

namespace AppChain.Node.Doctor;

/// <summary>What reports mean: a pure function from what was seen to what is wrong, and what to do about each.</summary>
public static class Diagnosis
{
    /// <summary>A clock that is this far off is reported: a quarter of what makes a proposal invalid (<see cref="NodeLimits.ClockDriftMaxMs"/>).</summary>
    public static readonly TimeSpan ClockOffsetMax = TimeSpan.FromMilliseconds(NodeLimits.ClockDriftMaxMs / 4.0);

    /// <summary>A peer that is more blocks behind the highest one is reported.</summary>
    public const ulong BlocksBehindMax = 100;

    /// <summary>All that is wrong, this node's own first.</summary>
    public static IReadOnlyList<Finding> Of(OwnReport own, IReadOnlyList<PeerReport> peers)
    {
        List<Finding> findings = [.. OfThisNode(own, peers)];
        bool ownClock = OwnClockOffset(peers) is not null;
        ulong highest = peers.Select(peer => peer.Height).Append(own.Height ?? 0).Max();
        foreach (PeerReport peer in peers)
            findings.AddRange(OfPeer(own, peer, highest, ownClock));
        return findings;
    }

    private static IEnumerable<Finding> OfThisNode(OwnReport own, IReadOnlyList<PeerReport> peers)
    {
        const string subject = "this node";
        if (own.Problem is { } problem)
            yield return new Finding(FindingKind.ThisNode, subject, problem, "Start it with `appchain run`, or say with --node where its public port is; without it only the configuration and genesis are known.");
        if (peers.Count == 0)
            yield return new Finding(FindingKind.ThisNode, subject, "it knows no peer", "Name at least one validator's peer address in peer.validators.");
        if (IPEndPoint.TryParse(own.PeerListen, out IPEndPoint? listen) && IPAddress.IsLoopback(listen.Address) && peers.Any(peer => !IsLocal(peer.Peer.Address)))
            yield return new Finding(
                FindingKind.ThisNode, subject, $"peer.listen is {own.PeerListen}, which no other machine can reach", "Set peer.listen to 0.0.0.0:PORT or to an address of this machine that the others reach.");
        if (OwnClockOffset(peers) is { } offset)
            yield return new Finding(
                FindingKind.Clock, subject, $"this machine's clock is {Offset(-offset)} of most peers'", "Synchronise it (chrony, systemd-timesyncd). Blocks from a clock 2 s ahead are refused.");
        ulong highest = peers.Select(peer => peer.Height).DefaultIfEmpty().Max();
        if (own.Height is { } height && height + BlocksBehindMax < highest)
            yield return new Finding(FindingKind.Behind, subject, $"it is at height {height}, while a peer is at {highest}", "Wait until it has caught up; if its height stands still, look at its log.");
    }

    private static IEnumerable<Finding> OfPeer(OwnReport own, PeerReport peer, ulong highest, bool ownClock)
    {
        string subject = $"{peer.Peer.Name} at {peer.Peer.Address}";
        if (peer.Key is { } key && peer.Peer.Key is { } expected && key != expected)
        {
            yield return new Finding(
                FindingKind.AnotherNode, subject, $"{AddressText.Format(key, AddressKind.Validator)} answers, not {AddressText.Format(expected, AddressKind.Validator)}",
                "Correct the address: in peer.validators, or its operator in the chain with `appchain tx update-validator --address`. If the address is right, it runs with another consensus key: ask its operator.");
            yield break;
        }
        switch (peer.Answer)
        {
            case PeerAnswer.None:
                yield return new Finding(FindingKind.Unreachable, subject, peer.Detail, "See that the node runs, that its peer.listen is not on loopback, that its firewall lets this machine in, and that the address is right.");
                break;
            case PeerAnswer.NotANode:
                yield return new Finding(FindingKind.NotANode, subject, peer.Detail, "See that the address is the node's peer port, not its public one, and that nothing in between ends TLS; bring old nodes to this version.");
                break;
            case PeerAnswer.Refused:
                yield return new Finding(FindingKind.Refused, subject, peer.Detail, "Do as it says: chain, genesis file and protocol version must be the same on both.");
                break;
            case PeerAnswer.Hello:
                foreach (Finding finding in OfAnswer(own, peer, subject, highest, ownClock))
                    yield return finding;
                break;
        }
        if (peer.IsHeard == false)
            yield return new Finding(
                FindingKind.NotHeard, subject, "it is not connected to this node, so its votes do not arrive",
                $"See that other machines reach this node's peer port ({own.PeerListen}), and that the address that the peer has for this node is right.");
    }

    private static IEnumerable<Finding> OfAnswer(OwnReport own, PeerReport peer, string subject, ulong highest, bool ownClock)
    {
        if (peer.Version != own.Version)
            yield return new Finding(FindingKind.Version, subject, $"it runs version {peer.Version}, this node {own.Version}", "Bring both to one version; during an upgrade that is done node by node this passes by itself.");
        if (!ownClock && IsOff(peer))
            yield return new Finding(FindingKind.Clock, subject, $"its clock is {Offset(peer.ClockAhead)} of this machine's", "Its operator must synchronise it. Blocks from a clock 2 s ahead are refused.");
        if (peer.RoundTrip > own.LeaderTimeout)
            yield return new Finding(
                FindingKind.Latency, subject, string.Create(CultureInfo.InvariantCulture, $"its answers take {peer.RoundTrip.TotalMilliseconds:F0} ms; consensus.leaderTimeoutMs is {own.LeaderTimeout.TotalMilliseconds:F0}"),
                "Find what slows the way to it, or raise consensus.leaderTimeoutMs and advanceTimeoutMs on all validators alike.");
        if (peer.Height + BlocksBehindMax < highest)
            yield return new Finding(FindingKind.Behind, subject, $"it is at height {peer.Height}, while another node is at {highest}", "Its operator must see whether it catches up; if its height stands still, its log says why.");
    }

    /// <summary>How far the peers' clocks are ahead of this machine's, if it is this machine's that is off: most of at least two others agree.</summary>
    private static TimeSpan? OwnClockOffset(IReadOnlyList<PeerReport> peers)
    {
        List<PeerReport> answered = [.. peers.Where(peer => peer.Answer == PeerAnswer.Hello)];
        foreach (bool ahead in new[] { true, false })
        {
            List<TimeSpan> off = [.. answered.Where(peer => IsOff(peer) && peer.ClockAhead > TimeSpan.Zero == ahead).Select(peer => peer.ClockAhead).Order()];
            if (off.Count >= 2 && off.Count * 2 > answered.Count)
                return off[off.Count / 2];
        }
        return null;
    }

    private static bool IsOff(PeerReport peer) => peer.Answer == PeerAnswer.Hello && peer.ClockAhead.Duration() - peer.RoundTrip / 2 > ClockOffsetMax;

    private static string Offset(TimeSpan ahead) =>
        string.Create(CultureInfo.InvariantCulture, $"{ahead.Duration().TotalSeconds:F1} s {(ahead > TimeSpan.Zero ? "ahead" : "behind")}");

    private static bool IsLocal(string address) => IPEndPoint.TryParse(address, out IPEndPoint? endpoint) && IPAddress.IsLoopback(endpoint.Address);
}
