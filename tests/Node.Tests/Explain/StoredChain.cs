using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node;
using AppChain.Node.Driver;
using AppChain.Node.Pool;
using AppChain.Storage;
using Batch = AppChain.Ledger.Batch;
using Block = AppChain.Consensus.Block;
using BlockPayload = AppChain.Ledger.BlockPayload;
using ChainId = AppChain.Ledger.ChainId;
using Message = AppChain.Ledger.Message;
using Transaction = AppChain.Ledger.Transaction;

namespace Node.Tests.Explain;

/// <summary>
/// A chain in a real store without a network: blocks are executed and committed as a node does, one after the other, at times that the test chooses.
/// Nobody signs them; a reader who trusts headers by their hashes sees no difference.
/// </summary>
internal sealed class StoredChain : IDisposable
{
    private readonly string directory = System.IO.Directory.CreateTempSubdirectory("appchain-stored-chain-").FullName;
    private readonly TurnsTaken turns;
    private readonly Dictionary<(AppChain.Crypto.Address, bool), ulong> sequences = [];
    private ulong batchNumber;
    private bool isClosed;
    private ExecutedBlock tip;

    public StoredChain(byte[] genesis)
    {
        Genesis = Genesis.TryParse(genesis, out Genesis? parsed, out string? error) ? parsed : throw new InvalidOperationException(error);
        Store = ChainStore.Open(directory, new StoreOptions());
        Store.InitializeGenesis(Genesis.ChainId.Text, Genesis.Hash, LedgerState.ToStored(Genesis.InitialState()), Genesis.TimeMs);
        Reader = new ChainReader(Store);
        tip = Reader.TipExecuted();
        turns = new TurnsTaken(Genesis.ChainId, Genesis.Hash.ToDigest());
        NowMs = Genesis.TimeMs;
    }

    public Genesis Genesis { get; }

    public ChainStore Store { get; }

    /// <summary>Where it is on disk.</summary>
    public string Directory => directory;

    public ChainReader Reader { get; }

    public ulong NowMs { get; set; }

    /// <summary>The hashes of all final headers.</summary>
    public HashSet<Digest> Headers { get; } = [];

    /// <summary>Signs, as a device or an account, with the signer's next number.</summary>
    public byte[] Sign(Message message, params PrivateKey[] keys)
    {
        (AppChain.Crypto.Address, bool) signer = (keys[0].Address, message is SubmitProof or SubmitProofBatch or OpenProofs);
        ulong sequence = sequences[signer] = sequences.GetValueOrDefault(signer) + 1;
        return TransactionBuilder.Sign(Genesis.ChainId, new Body(keys[0].Address, sequence, NowMs + 60_000, message), keys);
    }

    /// <summary>Executes a block at the present time, and commits it.</summary>
    public IReadOnlyList<Receipt> Run(params IReadOnlyList<byte[]> transactions)
    {
        List<HeldBatch> batches = [];
        if (transactions.Count > 0)
        {
            Batch batch = new(0, ++batchNumber, [.. transactions.Select(static encoded => (ReadOnlyMemory<byte>)encoded)]);
            byte[] encoded = batch.Encode();
            batches.Add(new HeldBatch(Batch.IdOf(encoded), 0, [.. transactions.Select(Decode)], encoded));
            Store.PutBatch(batches[0].Id, encoded);
        }
        Block block = Next(batches);
        ExecutedBlock executed = BlockExecutor.Execute(turns, tip, block, id => batches.Single(batch => batch.Id == id))
            ?? throw new InvalidOperationException("a block of the test cannot be executed");
        Store.Commit(new FinalBlock(executed, block, null).ToStored());
        Reader.OnFinal(executed);
        Headers.Add(block.Hash);
        tip = executed;
        return executed.Receipts;
    }

    /// <summary>Stops: what is on disk can be opened by others.</summary>
    public void Close()
    {
        if (!isClosed)
            Store.Dispose();
        isClosed = true;
    }

    public void Dispose()
    {
        Close();
        System.IO.Directory.Delete(directory, recursive: true);
    }

    private Transaction Decode(byte[] encoded) =>
        Transaction.TryDecode(encoded, Genesis.ChainId, out Transaction? transaction) == Reason.None ? transaction! : throw new InvalidOperationException("a transaction of the test is malformed");

    private Block Next(List<HeldBatch> batches)
    {
        byte[] payload = new BlockPayload(
            Executor.MintDue(new LedgerState(tip.State), NowMs)?.EncodeBody(), [.. batches.Select(static batch => batch.Id)]).Encode();
        ulong height = tip.Height + 1;
        Header header = new()
        {
            ChainId = AppChain.Consensus.ChainId.Parse(Genesis.ChainId.Text),
            Epoch = new Epoch(0),
            View = new View(height),
            Height = new Height(height),
            ParentView = new View(height - 1),
            ParentHash = tip.Point.Hash,
            TimeMs = NowMs,
            Leader = 0,
            PayloadHash = Block.HashOfPayload(payload),
            StateRoot = tip.State.Root.ToDigest(),
            ReceiptsRoot = tip.ReceiptsRoot.ToDigest(),
            ValidatorsHash = ConsensusEpoch.SetOf(Genesis.FirstValidators).Hash,
            NextValidatorsHash = Digest.Zero,
            Beacon = Hashing.Sha256(BitConverter.GetBytes(height)).ToDigest(),
            BeaconProof = default,
        };
        return Block.TryCreate(header, payload, out Block block) ? block : throw new InvalidOperationException("the payload is not the header's");
    }
}
