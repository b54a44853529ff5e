using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>A chain of one: executes blocks on a state in memory, counts sequence numbers, signs for everybody.</summary>
internal sealed class World
{
    /// <summary>The batch that the tests' devices come from.</summary>
    public const uint Batch = 7;

    private readonly Dictionary<(Address, bool), ulong> sequences = [];

    public World(JsonObject? genesis = null)
    {
        Genesis = TestGenesis.Read(genesis ?? TestGenesis.Json());
        State.Apply(Genesis.InitialState());
        NowMs = Genesis.TimeMs + 1;
    }

    public Genesis Genesis { get; }

    public DictionaryState State { get; } = new();

    public ulong NowMs { get; set; }

    public ulong Height { get; private set; }

    /// <summary>The seat that leads the next block; null: nobody's turns are counted.</summary>
    public ushort? Proposer { get; set; }

    /// <summary>The seats whose turns passed before it.</summary>
    public ImmutableArray<ushort> Missed { get; set; } = [];

    /// <summary>Every block has a beacon of its own.</summary>
    public BlockContext Context => new(Genesis.ChainId, Height + 1, NowMs)
    {
        Beacon = Hashing.Sha256(BitConverter.GetBytes(Height + 1)),
        Proposer = Proposer,
        Missed = Missed,
    };

    public ulong NextSequence(PrivateKey signer, bool asDevice) =>
        sequences[(signer.Address, asDevice)] = sequences.GetValueOrDefault((signer.Address, asDevice)) + 1;

    /// <summary>Signs a message with the signer's next number and a valid lifetime.</summary>
    public Transaction Sign(Message message, params PrivateKey[] keys) =>
        Sign(new Body(keys[0].Address, NextSequence(keys[0], message is SubmitProof or SubmitProofBatch or OpenProofs), NowMs + 60_000, message), keys);

    public Transaction Sign(Body body, params PrivateKey[] keys) => Decode(TransactionBuilder.Sign(Genesis.ChainId, body, keys));

    public Transaction Decode(byte[] encoded)
    {
        Assert.Equal(Reason.None, Transaction.TryDecode(encoded, Genesis.ChainId, out Transaction? transaction));
        return transaction!;
    }

    public Transaction Transfer(PrivateKey from, PrivateKey to, ulong grains) => Sign(new Transfer(to.Address, new Amount(grains)), from);

    public static RegisterDevice Registration(PrivateKey device, uint service = 1, PrivateKey? maker = null) => new(
        device.Scheme,
        device.PublicKey,
        service,
        Attestation.Make(maker ?? Keys.Maker, Batch, device.Scheme, device.PublicKey.Span),
        571_100_000,
        -22_400_000,
        2_000);

    public Transaction Register(PrivateKey owner, PrivateKey device, uint service = 1, PrivateKey? maker = null) =>
        Sign(Registration(device, service, maker), owner, device);

    public Transaction Proof(PrivateKey device, long pm10, long pm25 = 0, ulong? observedMs = null, uint service = 1) =>
        Sign(new SubmitProof(service, observedMs ?? NowMs, new SensorReading(new Measurement(1, pm10), new Measurement(2, pm25))), device);

    /// <summary>Executes a block at the present time, with the mint if it is due, and applies it.</summary>
    public BlockResult Run(params IReadOnlyList<Transaction> transactions)
    {
        ReadOnlyMemory<byte> mint = Executor.MintDue(State, NowMs)?.EncodeBody();
        BlockResult result = Executor.Execute(State, Context, mint, transactions);
        Assert.Equal(Reason.None, result.Reason);
        Assert.Equal(transactions.Count + (mint.IsEmpty ? 0 : 1) + result.DueReceipts, result.Receipts.Length);
        State.Apply(result.Changes);
        Height++;
        return result;
    }

    /// <summary>Executes one transaction in a block of its own and returns its receipt.</summary>
    public Receipt RunOne(Transaction transaction) => Run([transaction]).Receipts[^1];

    /// <summary>Registers a device and lets a moment pass.</summary>
    public void Registered(PrivateKey owner, PrivateKey device, uint service = 1)
    {
        Assert.Equal(Reason.None, RunOne(Register(owner, device, service)).Reason);
        NowMs += 100;
    }

    /// <summary>Goes to the start of the next epoch and runs an empty block there.</summary>
    public BlockResult NextEpoch()
    {
        EpochRecord epochs = LedgerQueries.Supply(State).Epochs;
        NowMs = Genesis.TimeMs + (epochs.Open + 1) * TestGenesis.EpochMs;
        return Run();
    }

    public ulong Balance(PrivateKey key) => LedgerQueries.Account(State, key.Address).Balance.Grains;

    public DeviceView Device(PrivateKey key) => LedgerQueries.Device(State, key.Address)!;

    /// <summary>What a device does for a service.</summary>
    public Enrollment Work(PrivateKey device, uint service = 1) => Device(device).Device.In(service)!;

    public SupplyAudit Audit() => SupplyAudit.Of(State.Entries);

    public void AssertConserved() => Assert.True(Audit().Conserved, Audit().ToString());
}
