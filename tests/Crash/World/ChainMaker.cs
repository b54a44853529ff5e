using System.Reflection;
using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node;
using AppChain.Node.Driver;
using AppChain.Node.Pool;
using AppChain.Storage;
using Block = AppChain.Consensus.Block;
using Message = AppChain.Ledger.Message;

namespace AppChain.Crash.World;

/// <summary>A block with what a store needs before it can take it.</summary>
internal sealed record MadeBlock(FinalBlock Final, IReadOnlyList<(Hash256 Id, byte[] Bytes)> Batches)
{
    /// <summary>Stores what the block names.</summary>
    public void PutBatches(ChainStore store)
    {
        foreach ((Hash256 id, byte[] bytes) in Batches)
            store.PutBatch(id, bytes);
    }
}

/// <summary>
/// Makes real blocks of the development chain, with its keys: signed transactions, executed by the ledger, headers that carry the roots
/// before them, finalizations by a quorum. What a store holds after it can be verified like any validator's.
/// </summary>
internal sealed class ChainMaker
{
    private const int Quorum = 3;
    private const uint MadeInBatch = 1;
    private const int OthersCount = 200;
    private const ulong LifetimeMs = 60_000;

    private readonly PrivateKey[] validators = [.. Enumerable.Range(0, 4).Select(static i => Key($"validator/{i}"))];
    private readonly PrivateKey owner = Key("owner/0");
    private readonly PrivateKey manufacturer = Key("manufacturer/0");
    private readonly PrivateKey[] others = [.. Enumerable.Range(0, OthersCount).Select(static i => Key($"crash/{i}"))];
    private readonly ValidatorSet set;
    private readonly TurnsTaken turns;
    private readonly VoteCrypto leader;

    public ChainMaker()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("genesis.json")!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        Genesis = Genesis.TryParse(bytes, out Genesis? genesis, out string? error) ? genesis : throw new InvalidOperationException(error);
        set = ConsensusEpoch.SetOf(Genesis.FirstValidators);
        turns = new TurnsTaken(Genesis.ChainId, Genesis.Hash.ToDigest());
        leader = new VoteCrypto(validators[0]);
    }

    public Genesis Genesis { get; }

    /// <summary>Starts the chain in a store, or does nothing if it is there.</summary>
    /// <param name="more">Records that the state begins with beside those of the genesis file.</param>
    public void Initialize(ChainStore store, IEnumerable<StateChange>? more = null)
        => store.InitializeGenesis(Genesis.ChainId.Text, Genesis.Hash, [.. LedgerState.ToStored(Genesis.InitialState()), .. more ?? []], Genesis.TimeMs);

    /// <summary>The tip of a store, to build on.</summary>
    public ExecutedBlock Tip(ChainStore store) => new ChainReader(store).TipExecuted();

    /// <summary>Makes so many blocks, each with its own finalization, and ends as a node does that stops in order.</summary>
    public void MakeBlocks(ChainStore store, int count)
    {
        Random random = new(1);
        ExecutedBlock tip = Tip(store);
        for (int i = 0; i < count; i++)
        {
            MadeBlock next = Next(tip, random, isCertified: true);
            next.PutBatches(store);
            store.Commit(next.Final.ToStored());
            tip = next.Final.Executed;
        }
        store.KeepProvenState();
    }

    /// <summary>A block of some transfers and registrations; all of it follows from the random numbers.</summary>
    /// <param name="isCertified">Whether it has a finalization of its own; else it is final through a descendant.</param>
    public MadeBlock Next(ExecutedBlock parent, Random random, bool isCertified)
    {
        ulong timeMs = parent.Point.TimeMs + (ulong)random.Next(1, 4_000);
        ulong sequence = AccountRecord.Get(new LedgerState(parent.State), owner.Address).Window.Next;
        List<(Hash256, byte[])> batches = [];
        for (int batch = random.Next(3); batch > 0; batch--)
        {
            Transaction[] some = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Sign(sequence++, timeMs, random))];
            byte[] encoded = new Batch(0, (ulong)random.NextInt64(), [.. some.Select(static transaction => transaction.Encoded)]).Encode();
            batches.Add((Batch.IdOf(encoded), encoded));
        }
        return new MadeBlock(Execute(parent, timeMs, batches, isCertified), batches);
    }

    private FinalBlock Execute(
        ExecutedBlock parent, ulong timeMs, List<(Hash256 Id, byte[] Bytes)> batches, bool isCertified)
    {
        BlockPayload payload = new(Executor.MintDue(new LedgerState(parent.State), timeMs)?.EncodeBody(), [.. batches.Select(static batch => batch.Id)]);
        BeaconDraw draw = BeaconDraw.After(parent.Point.Beacon, leader);
        Header header = new()
        {
            ChainId = Consensus.ChainId.Parse(Genesis.ChainId.Text),
            Epoch = new Epoch(0),
            View = new View(parent.Point.View.Value + 1),
            Height = new Height(parent.Height + 1),
            ParentView = parent.Point.View,
            ParentHash = parent.Point.Hash,
            TimeMs = timeMs,
            Leader = 0,
            PayloadHash = Block.HashOfPayload(payload.Encode()),
            StateRoot = parent.State.Root.ToDigest(),
            ReceiptsRoot = parent.ReceiptsRoot.ToDigest(),
            ValidatorsHash = set.Hash,
            NextValidatorsHash = Digest.Zero,
            Beacon = draw.Beacon,
            BeaconProof = draw.Proof,
        };
        if (!Block.TryCreate(header, payload.Encode(), out Block block))
            throw new InvalidOperationException("a payload does not fit its own header");
        ILookup<Hash256, byte[]> byId = batches.ToLookup(static batch => batch.Id, static batch => batch.Bytes);
        ExecutedBlock executed = BlockExecutor.Execute(turns, parent, block, id => Open(id, byId[id].Single()))
            ?? throw new InvalidOperationException("a block of its own transactions cannot be executed");
        return new FinalBlock(executed, block, isCertified ? Finalization(header) : null);
    }

    private HeldBatch Open(Hash256 id, byte[] encoded)
    {
        if (Batch.TryDecode(encoded, out Batch? batch) != Reason.None)
            throw new InvalidOperationException("a batch of its own does not decode");
        List<Transaction> transactions = [];
        foreach (ReadOnlyMemory<byte> bytes in batch!.Transactions)
        {
            if (Transaction.TryDecode(bytes, Genesis.ChainId, out Transaction? transaction) != Reason.None)
                throw new InvalidOperationException("a transaction of its own does not decode");
            transactions.Add(transaction!);
        }
        return new HeldBatch(id, (int)batch.Author, transactions, encoded);
    }

    /// <summary>A certificate over a block, by three of the four validators.</summary>
    public Certificate Finalization(Header header)
    {
        VoteBody body = VoteBody.For(VoteKind.Finalize, header, header.Hash);
        Hash256 digest = body.SigningDigest(header.ChainId).ToHash();
        return Certificate.Of(body, [.. Enumerable.Range(0, Quorum).Select(i => new CertificateSignature((ushort)i, validators[i].Sign(digest)))]);
    }

    private Transaction Sign(ulong sequence, ulong nowMs, Random random)
    {
        PrivateKey other = others[random.Next(others.Length)];
        bool registers = random.Next(4) == 0;
        Message message = registers
            ? new RegisterDevice(
                other.Scheme, other.PublicKey, Service: 1,
                Attestation.Make(manufacturer, MadeInBatch, other.Scheme, other.PublicKey.Span), LatitudeE7: 0, LongitudeE7: 0, AltitudeCm: 0)
            : new Transfer(other.Address, new Amount((ulong)random.Next(1, 1_000)));
        PrivateKey[] keys = registers ? [owner, other] : [owner];
        byte[] encoded = TransactionBuilder.Sign(Genesis.ChainId, new Body(owner.Address, sequence, nowMs + LifetimeMs, message), keys);
        return Transaction.TryDecode(encoded, Genesis.ChainId, out Transaction? transaction) == Reason.None
            ? transaction!
            : throw new InvalidOperationException("a transaction that was just signed does not decode");
    }

    private static PrivateKey Key(string name) => PrivateKey.FromSeed(KeyScheme.Secp256k1, $"appchain-devnet/{name}");
}
