using AppChain.Node.Peers;
using AppChain.Protos.V1;
using Google.Protobuf;
using Grpc.Core;

namespace AppChain.Node.Rpc;

/// <summary>What there is to say about a running node, gathered from its parts.</summary>
/// <param name="GenesisFile">The genesis file's bytes.</param>
/// <param name="Validator">Address of its validator key.</param>
/// <param name="View">The view that consensus is in.</param>
/// <param name="PoolTransactions">Transactions admitted here that are not final.</param>
/// <param name="CatchingUp">True while blocks are fetched from peers.</param>
public sealed record NodeFacts(
    ChainIdentity Identity,
    string Moniker,
    ReadOnlyMemory<byte> GenesisFile,
    Crypto.Address Validator,
    Func<ulong> View,
    Func<int> PoolTransactions,
    Func<bool> CatchingUp);

/// <summary>How a node is doing.</summary>
public sealed class StatusRpc(NodeFacts facts, ChainReader reader, PeerNetwork network, PeerPlaces places, TimeProvider clock)
    : StatusService.StatusServiceBase
{
    private readonly long startedAt = clock.GetTimestamp();

    public override Task<Protos.V1.Status> GetStatus(GetStatusRequest request, ServerCallContext context) => Answer.With(Read);

    private Protos.V1.Status Read()
    {
        Storage.ChainTip tip = reader.Tip;
        Protos.V1.Status status = new()
        {
            ChainId = facts.Identity.ChainId,
            GenesisHash = ByteString.CopyFrom(facts.Identity.GenesisHash.Bytes),
            Version = ChainIdentity.ProgramVersion,
            Moniker = facts.Moniker,
            Validator = ByteString.CopyFrom(facts.Validator.Bytes),
            Height = tip.Height,
            BlockHash = ByteString.CopyFrom(tip.HeaderHash.Bytes),
            StateRoot = ByteString.CopyFrom(tip.StateRoot.Bytes),
            BlockTimeMs = tip.TimeMs,
            ConsensusEpoch = reader.HeaderEpoch,
            View = facts.View(),
            RewardEpoch = Ledger.LedgerQueries.Supply(reader.State).Epochs.Open,
            PoolTransactions = (uint)facts.PoolTransactions(),
            CatchingUp = facts.CatchingUp(),
            UptimeMs = (ulong)clock.GetElapsedTime(startedAt).TotalMilliseconds,
        };
        foreach (PeerLink link in network.Links)
        {
            Crypto.Address key = facts.Identity.Peers.KeyAddressOf(link.Index);
            Peer peer = new()
            {
                Validator = ByteString.CopyFrom(key.Bytes),
                Number = (uint)link.Index,
                Address = link.Address,
                Connected = link.Problem is null,
                Problem = link.Problem ?? "",
            };
            if (facts.Identity.Peers.HasSeat && facts.Identity.Peers.IsValidator(link.Index))
                peer.Heard = places.IsHeard(key);
            status.Peers.Add(peer);
        }
        return status;
    }

    public override Task<GenesisDocument> GetGenesis(GetGenesisRequest request, ServerCallContext context) =>
        Task.FromResult(new GenesisDocument { Json = UnsafeByteOperations.UnsafeWrap(facts.GenesisFile) });
}
