using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using AppChain.Crypto;
using AppChain.Grpc;
using AppChain.Node.Peers;
using AppChain.Protos.V1;
using Grpc.Core;
using KeyScheme = AppChain.Crypto.KeyScheme;
using Status = Grpc.Core.Status;

namespace AppChain.Node.Doctor;

/// <summary>Calls one peer as this node would, and writes down how far it gets. It opens no streams, so the running node is not disturbed.</summary>
public sealed class PeerProbe(NodeIdentity identity, HelloRequest hello, TimeProvider clock)
{
    /// <summary>Calls of one peer: the quickest of them measures.</summary>
    public const int Calls = 5;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Calls a peer.</summary>
    public async Task<PeerReport> AskAsync(ExpectedPeer peer, CancellationToken cancellation)
    {
        (NodeCertificate? node, string? bad) = (null, null);
        using GrpcChannel channel = GrpcChannel.ForAddress("https://" + peer.Address, new GrpcChannelOptions
        {
            ConnectTimeout = AnswerTimeout,
            SslOptions = identity.ToCall(shown => NodeCertificate.TryVerify(shown, out node, out bad)),
        });
        try
        {
            PeerReport best = await CallAsync(channel, peer, cancellation); // makes the connection, too
            for (int i = 1; i < Calls; i++)
            {
                PeerReport next = await CallAsync(channel, peer, cancellation);
                if (i == 1 || next.RoundTrip < best.RoundTrip)
                    best = next;
            }
            return best with { Key = KeyOf(node) };
        }
        catch (RpcException e) when (!cancellation.IsCancellationRequested)
        {
            (PeerAnswer answer, string detail) = Explain(e.Status, bad);
            return new PeerReport(peer, answer, detail) { Key = KeyOf(node) };
        }
    }

    private async Task<PeerReport> CallAsync(GrpcChannel channel, ExpectedPeer peer, CancellationToken cancellation)
    {
        DateTimeOffset sent = clock.GetUtcNow();
        long from = clock.GetTimestamp();
        HelloResponse answer = await new PeerService.PeerServiceClient(channel).HelloAsync(
            hello, deadline: sent.UtcDateTime + AnswerTimeout, cancellationToken: cancellation);
        TimeSpan roundTrip = clock.GetElapsedTime(from);
        // As if the answer had been written in the middle of the call; it was, to within half of it.
        TimeSpan ahead = DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Min(answer.TimeMs, long.MaxValue / 1_000_000)) - (sent + roundTrip / 2);
        return new PeerReport(peer, PeerAnswer.Hello) { RoundTrip = roundTrip, ClockAhead = ahead, Version = PeerText.Clean(answer.Version), Height = answer.Height };
    }

    private static (PeerAnswer Answer, string Detail) Explain(Status status, string? badCertificate)
    {
        if (badCertificate is not null)
            return (PeerAnswer.NotANode, $"what answers there {badCertificate}");
        if (status.StatusCode == StatusCode.FailedPrecondition)
            return (PeerAnswer.Refused, PeerText.Clean(status.Detail));
        if (status.StatusCode == StatusCode.DeadlineExceeded)
            return (PeerAnswer.None, "nothing answers within 5 s");
        for (Exception? cause = status.DebugException; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException socket)
                return (PeerAnswer.None, socket.SocketErrorCode switch
                {
                    SocketError.ConnectionRefused => "the machine answers, but nothing listens on that port",
                    SocketError.HostUnreachable or SocketError.NetworkUnreachable => "there is no way to that machine",
                    _ => socket.Message,
                });
        }
        return status.StatusCode == StatusCode.Unavailable
            ? (PeerAnswer.NotANode, PeerLink.Explain(status))
            : (PeerAnswer.NotANode, $"it answers {status.StatusCode}: {PeerText.Clean(status.Detail)}");
    }

    private static Address? KeyOf(NodeCertificate? node) => node is null ? null : Address.Of(KeyScheme.Secp256k1, node.ConsensusKey.Span);
}
