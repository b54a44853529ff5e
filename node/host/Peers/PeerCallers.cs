using System.Security.Cryptography.X509Certificates;
using AppChain.Grpc;
using Grpc.Core;
using Status = Grpc.Core.Status;

namespace AppChain.Node.Peers;

/// <summary>Who calls the peer port, known by the certificate that its connection was made with.</summary>
/// <param name="Node">What the certificate says.</param>
/// <param name="Number">The number of its consensus key; null if the state does not know it.</param>
/// <param name="IsValidator">True if its key is in the set, or waits for a seat.</param>
public sealed record PeerCaller(NodeCertificate Node, int? Number, bool IsValidator)
{
    /// <summary>For the log.</summary>
    public override string ToString() => Number is { } number ? $"validator {number}" : "a node that is no validator";
}

/// <summary>Tells who calls, and refuses who is of another chain.</summary>
public sealed class PeerCallers(ChainIdentity identity)
{
    /// <summary>Who makes this call, on whatever chain.</summary>
    public PeerCaller Of(ServerCallContext context)
    {
        X509Certificate2 shown = context.GetHttpContext().Connection.ClientCertificate
            ?? throw new InvalidOperationException("a call came over a connection without a certificate");
        return AsOfNow(new PeerCaller(NodeCertificate.OfVerified(shown), Number: null, IsValidator: false));
    }

    /// <summary>The same caller as the state has it now: it may have joined or left since.</summary>
    public PeerCaller AsOfNow(PeerCaller caller)
    {
        // A number that was given out stays.
        int? number = caller.Number ?? identity.Peers.NumberOf(caller.Node.ConsensusKey.Span);
        return caller with { Number = number, IsValidator = number is { } known && identity.Peers.IsValidator(known) };
    }

    /// <summary>Who makes this call, on this chain.</summary>
    /// <exception cref="RpcException">FAILED_PRECONDITION: it is of another chain.</exception>
    public PeerCaller OnThisChain(ServerCallContext context)
    {
        PeerCaller caller = Of(context);
        return caller.Node.Genesis == identity.GenesisHash
            ? caller
            : throw new RpcException(new Status(StatusCode.FailedPrecondition, ChainIdentity.OtherGenesis));
    }
}
