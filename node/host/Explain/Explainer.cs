using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Driver;
using AppChain.Node.Rpc;
using AppChain.Protos.V1;
using AppChain.Storage;
using Google.Protobuf;
using Grpc.Core;
using BlockPayload = AppChain.Ledger.BlockPayload;
using Receipt = AppChain.Ledger.Receipt;
using ToldVerdict = AppChain.Protos.V1.ToldVerdict;
using Verdict = AppChain.Ledger.Verdict;
using Wire = AppChain.Protos.V1;

namespace AppChain.Node.Explain;

/// <summary>
/// Gathers why a device got what it got in a reward epoch, and what proves it: its verdicts from the receipts of the epoch's blocks, the statements that
/// they add up to from the receipts that settled them or from the state, and what was minted. Everything is as of the newest state that a header proves.
/// </summary>
public sealed class Explainer(ChainReader reader)
{
    /// <summary>Explains an epoch that has begun.</summary>
    /// <exception cref="RpcException">There is no such device or epoch, it is pruned, too much, or not proven yet.</exception>
    public Wire.Explanation Explain(Crypto.Address device, ulong epoch)
    {
        (StateView view, Header proof) = reader.ProvenState()
            ?? throw Refusals.Unavailable("No state is held that a header proves: try again when another block is final.");
        RecordingState state = new(view);
        if (LedgerQueries.Device(new LedgerState(view), device) is null)
            throw Refusals.NotFound("No device with this address is registered.");
        EpochBlocks blocks = EpochBlocks.Of(reader, new LedgerState(view), epoch)
            ?? throw Refusals.NotFound($"Reward epoch {epoch} has not begun, or its blocks are not kept here.");
        DeviceHistory history = new(reader, device, view.Height);
        List<Receipt> work = history.Work(blocks.First, blocks.Last)
            ?? throw Refusals.OutOfRange($"The device has more than {NodeLimits.ToldVerdictsMax} verdicts and payments in this epoch: more than an answer holds.");

        Wire.Explanation explanation = new() { Device = WireForm.Bytes(device), Epoch = epoch };
        HashSet<uint> unsettled = [.. LedgerQueries.Unsettled(state, device, epoch).Select(statement => statement.Service)];
        foreach (ExplainedService explained in Told(work, device, epoch))
        {
            if (!unsettled.Contains(explained.Service))
                explained.Settled = Settled(history, explained.Service, epoch, blocks.Last + 1);
            explanation.Services.Add(explained);
        }
        if (unsettled.Count > 0)
        {
            explanation.State = new StateEvidence { Header = ByteString.CopyFrom(proof.Encode()) };
            explanation.State.Records.AddRange(state.Evidence());
        }
        if (blocks.IsClosed && blocks.Last < view.Height)
            explanation.Mint = Mint(blocks.Last + 1);
        return explanation;
    }

    private ReceiptEvidence Settled(DeviceHistory history, uint service, ulong epoch, ulong from) => Evidence(
        history.Settled(service, epoch, from)
        ?? throw Refusals.NotFound($"The receipt that settled reward epoch {epoch} is not kept here: ask an archive node."));

    // The first block after an epoch mints for it, and does so first.
    private MintEvidence Mint(ulong height)
    {
        StoredBlock block = reader.Block(height) ?? throw Refusals.NotFound($"Block {height} is not kept here.");
        if (BlockPayload.TryDecode(block.Payload.Span, out BlockPayload? payload) != Reason.None || payload!.MintRewards.IsEmpty)
            throw new LedgerInvariantException($"Block {height} begins a reward epoch and mints nothing.");
        return new MintEvidence
        {
            Body = UnsafeByteOperations.UnsafeWrap(payload.MintRewards),
            Receipt = Evidence(new TransactionLocation(height, 0)),
        };
    }

    private ReceiptEvidence Evidence(TransactionLocation place)
    {
        Header header = reader.HeaderAt(place.Height + 1);
        Receipt[] receipts = [.. reader.Receipts(place.Height)];
        ReceiptEvidence evidence = new()
        {
            Receipt = UnsafeByteOperations.UnsafeWrap(receipts[place.Index].Encode()),
            Index = (uint)place.Index,
            Count = (uint)receipts.Length,
            Header = UnsafeByteOperations.UnsafeWrap(header.Encode()),
        };
        evidence.Path.AddRange(MerkleList.Prove([.. receipts.Select(receipt => receipt.Hash())], place.Index).Select(WireForm.Bytes));
        return evidence;
    }

    // What the device did for each service, ascending, without what proves it.
    private static IEnumerable<ExplainedService> Told(List<Receipt> work, Crypto.Address device, ulong epoch)
    {
        SortedDictionary<uint, ExplainedService> services = [];
        foreach (Receipt receipt in work)
        {
            if (receipt.Verdict is { Counts: true } verdict && verdict.Epoch == epoch)
                Of(verdict.Service).Verdicts.Add(Form(receipt, verdict));
            if (receipt.Shadow is { Counts: true } shadow && shadow.Epoch == epoch)
                Of(shadow.Service).ShadowVerdicts.Add(Form(receipt, shadow));
            foreach (Ledger.ServedWork served in receipt.Served.Where(served => served.Device == device && served.Epoch == epoch))
            {
                Of(served.Service).Usage.Add(new Wire.ToldUsage
                {
                    ReceiptId = WireForm.Bytes(receipt.TransactionId),
                    Credits = served.Credits.Units,
                    Usage = served.Usage.Grains,
                });
            }
        }
        return services.Values;

        ExplainedService Of(uint service)
        {
            if (!services.TryGetValue(service, out ExplainedService? explained))
                services.Add(service, explained = new ExplainedService { Service = service });
            return explained;
        }
    }

    private static ToldVerdict Form(Receipt receipt, in Verdict verdict) => new()
    {
        ReceiptId = WireForm.Bytes(receipt.TransactionId),
        Reason = (uint)verdict.Reason,
        Units = verdict.Units,
    };
}
