using AppChain.Consensus;
using AppChain.Ledger;
using AppChain.Node.Rpc;
using AppChain.Protos.V1;
using AppChain.Storage;
using Google.Protobuf;
using Grpc.Core;

namespace AppChain.Node.Explain;

/// <summary>One record of the newest state that a header proves, or that there is none, with the proof.</summary>
internal static class RecordProof
{
    /// <exception cref="RpcException">No state is proven yet.</exception>
    public static StateEvidence Of(ChainReader reader, ReadOnlySpan<byte> key)
    {
        (StateView view, Header proof) = reader.ProvenState()
            ?? throw Refusals.Unavailable("No state is held that a header proves: try again when another block is final.");
        RecordingState state = new(view);
        state.TryGet(key, out _);
        StateEvidence evidence = new() { Header = UnsafeByteOperations.UnsafeWrap(proof.Encode()) };
        evidence.Records.AddRange(state.Evidence());
        return evidence;
    }
}
