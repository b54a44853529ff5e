using AppChain.Client.Explain;
using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Driver;
using AppChain.Storage;
using ConsensusChainId = AppChain.Consensus.ChainId;

namespace AppChain.Node.Verify;

/// <summary>
/// Every kept block against the one before it: hash chain, epochs, payload, batches, receipts, certificate. What is final is final through
/// the certificates; a block without one is so through its descendants, which name it by hash.
/// </summary>
internal sealed class BlockChecks
{
    private const ulong ProgressBlocks = 1_000;

    private readonly StoreRecords records;
    private readonly Genesis genesis;
    private readonly VerifyReport report;
    private readonly StoreMeta meta;
    private readonly ValidatorHistory validators;
    private readonly ValidatorSet? present;
    private readonly ChainTip? proven;
    private Header? parent;
    private Hash256? parentReceipts;
    private ulong transactions;
    private ulong uncheckedBlocks;

    /// <param name="present">The set of the present epoch, if the state names one.</param>
    public BlockChecks(StoreRecords records, Genesis genesis, ValidatorSet? present, VerifyReport report)
    {
        (this.records, this.genesis, this.report) = (records, genesis, report);
        meta = records.Meta();
        proven = records.ProvenState()?.Tip;
        validators = new ValidatorHistory(genesis);
        this.present = present;
    }

    /// <summary>Checks them and answers how many there are.</summary>
    public int Run()
    {
        report.Run(CheckChanges);
        ulong first = meta.Retention.Headers.From, next = first;
        int blocks = 0;
        report.Note("blocks", $"from height {first} to {meta.Tip.Height}" + (first > 1 ? "; older ones are not kept here" : ""));
        foreach (StoredBlock block in records.Headers())
        {
            if (block.Height != next)
            {
                report.Problem(Place(next), $"the blocks from here to {block.Height - 1} are missing");
                (parent, parentReceipts) = (null, null);
            }
            Check(block);
            blocks++;
            transactions += (ulong)block.TransactionCount;
            next = block.Height + 1;
            if (block.Height % ProgressBlocks == 0)
                report.Note("checked", $"{block.Height} of {meta.Tip.Height}");
        }
        if (next != meta.Tip.Height + 1)
            report.Problem(Place(next), $"the tip is block {meta.Tip.Height}, but the last block is {next - 1}");
        else if (first == 1 && transactions != meta.Tip.TransactionCount)
            report.Problem("column family meta, key tip", $"it counts {meta.Tip.TransactionCount} transactions, the blocks hold {transactions}");
        foreach (StoredCertificate certificate in records.Certificates().Where(certificate => certificate.Height > meta.Tip.Height))
            report.Problem($"column family certificates, height {certificate.Height}", "it is of no block");
        if (uncheckedBlocks > 0)
            report.Note("not checked", $"the certificates of {uncheckedBlocks} blocks: the validators of their epochs are not known any more; later blocks name these by hash");
        return blocks;
    }

    private void CheckChanges()
    {
        if (validators.Append(records.ValidatorChanges(), upTo: meta.Tip.Height) is { } problem)
            report.Problem("column family meta, key validators", problem);
        foreach (StoredValidatorChange change in records.ValidatorChanges().Where(change => change.Height > meta.Tip.Height))
            report.Problem($"column family meta, key validators, height {change.Height}", "it is of no block");
        if (validators.Changes.Count > 0)
            report.Note("validators", $"changed {validators.Changes.Count} times since the genesis");
    }

    // The state knows the present set also where a change on the way to it cannot be believed.
    private ValidatorSet? SetOf(Header header) =>
        validators.SetOf(header) ?? (present?.Hash == header.ValidatorsHash ? present : null);

    private void Check(StoredBlock stored)
    {
        if (!Header.TryDecode(stored.Header.Span, out Header header) || header.Hash.ToHash() != stored.HeaderHash)
        {
            report.Problem(Place(stored.Height), "the header is not the one of its hash");
            (parent, parentReceipts) = (null, null);
            return;
        }
        if (header.ChainId.ToString() != genesis.ChainId.Text || header.Height.Value != stored.Height || header.TimeMs != stored.TimeMs)
            report.Problem(Place(stored.Height), "the header is of another chain, height or time");
        if (stored.Height == meta.Tip.Height && stored.HeaderHash != meta.Tip.HeaderHash)
            report.Problem(Place(stored.Height), $"it is not the tip {meta.Tip.HeaderHash}");
        CheckLink(header);
        (parent, parentReceipts) = (header, null);
        CheckPayload(header, stored);
        // What cannot be read of one block is one problem, and the next block is looked at all the same.
        report.Run(() => CheckCertificate(header, stored));
        report.Run(() => parentReceipts = CheckReceipts(stored));
    }

    private void CheckLink(Header header)
    {
        ulong height = header.Height.Value;
        if (height == 1 && (header.ParentHash.ToHash() != genesis.Hash || header.Epoch.Value != 0 || header.ValidatorsHash != ConsensusEpoch.SetOf(genesis.FirstValidators).Hash))
            report.Problem(Place(height), "it does not follow the genesis");
        if (proven is { } before && before.Height == height - 1 && before.StateRoot != header.StateRoot.ToHash())
            report.Problem("column family meta, key before", $"the state before the last commit has the root {before.StateRoot}, but block {height} finalised {header.StateRoot}");
        if (height == 1)
            CheckBeacon(header, genesis.Hash.ToDigest());
        if (parent is null)
            return;
        CheckBeacon(header, parent.Beacon);
        if (header.ParentHash != parent.Hash)
            report.Problem(Place(height), $"it does not follow block {height - 1}");
        Digest validators = parent.EndsEpoch ? parent.NextValidatorsHash : parent.ValidatorsHash;
        if (header.Epoch.Value != parent.Epoch.Value + (parent.EndsEpoch ? 1UL : 0) || header.ValidatorsHash != validators)
            report.Problem(Place(height), $"its epoch {header.Epoch.Value} or its validators do not follow from block {height - 1}");
        if (parentReceipts is { } receipts && receipts != header.ReceiptsRoot.ToHash())
            report.Problem($"column family receipts, height {height - 1}", $"the receipts have the root {receipts}, but block {height} finalised {header.ReceiptsRoot}");
    }

    private void CheckBeacon(Header header, Digest previous)
    {
        if (SetOf(header) is not { } set)
            return; // its certificate cannot be judged either, and that is said
        BeaconDraw draw = new(header.Beacon, header.BeaconProof);
        if (header.Leader >= set.Count
            || !draw.Follows(previous, set[header.Leader].PublicKey.Span, CertificateCrypto.Instance))
            report.Problem(Place(header.Height.Value), "its beacon is not its leader's draw after the one before");
    }

    private void CheckPayload(Header header, StoredBlock stored)
    {
        if (!Block.TryCreate(header, stored.Payload, out _) || BlockPayload.TryDecode(stored.Payload.Span, out BlockPayload? payload) != Reason.None)
        {
            report.Problem(Place(stored.Height), "the payload is not the one that the header commits to");
            return;
        }
        if (!payload!.BatchIds.SequenceEqual(stored.Batches.Select(static named => named.Id)))
            report.Problem(Place(stored.Height), "its list of batches is not the payload's");
        if (stored.Height < meta.Retention.Batches.From)
            return;
        foreach (NamedBatch named in stored.Batches)
        {
            report.Run(() =>
            {
                if (records.Batch(named.Id) is not { } batch)
                    report.Problem($"column family batches, key {named.Id}", $"a batch of block {stored.Height} is missing");
                else if (batch.Length != named.Length || Batch.IdOf(batch.Span) != named.Id)
                    report.Problem($"column family batches, key {named.Id}", $"a batch of block {stored.Height} is not the one of this id");
            });
        }
    }

    private Hash256? CheckReceipts(StoredBlock stored)
    {
        if (stored.Height < meta.Retention.Receipts.From)
            return null;
        List<Receipt> receipts = [];
        foreach (StoredTransaction transaction in records.Transactions(stored.Height))
        {
            if (transaction.Location.Index != receipts.Count
                || Receipt.TryDecodeOutcome(transaction.Executed.Id, transaction.Executed.Receipt.Span, out Receipt? receipt) != Reason.None)
                break;
            receipts.Add(receipt!);
        }
        if (receipts.Count == stored.TransactionCount)
            return Receipt.Root(receipts);
        report.Problem(
            $"column family receipts, height {stored.Height}", $"the block has {stored.TransactionCount} transactions, of which {receipts.Count} have a readable receipt");
        return null;
    }

    private void CheckCertificate(Header header, StoredBlock stored)
    {
        string place = $"column family certificates, height {stored.Height}";
        bool isTip = stored.Height == meta.Tip.Height;
        if (records.Finalization(stored.Height) is not { } encoded)
        {
            if (isTip)
                report.Problem(place, "the tip has no finalization of its own");
            return;
        }
        if (SetOf(header) is not { } set)
        {
            uncheckedBlocks++;
            if (isTip)
                report.Problem(place, "the validators of the tip's epoch are not known: let the node make another block, and verify again");
            return;
        }
        if (!Certificate.TryDecode(encoded.Span, out Certificate certificate)
            || !certificate.Finalizes(header, ConsensusChainId.Parse(genesis.ChainId.Text), set, CertificateCrypto.Instance))
            report.Problem(place, "it is not a finalization of this block by more than two thirds of the power");
    }

    private static string Place(ulong height) => $"column family headers, height {height}";
}
