using System.Text;
using AppChain.Crypto;
using AppChain.Ledger;

namespace Node.Tests.Explain;

/// <summary>
/// A long run of a small network, from one seed: sensors for two services, radios, refused proofs, owners who sell, share and withdraw. What every verdict
/// earned, and what was minted, is noted from the outside, to compare explanations with.
/// </summary>
internal sealed class ExplainedRun : IDisposable
{
    public const ulong EpochMs = 10_000;
    public const int Epochs = 60;
    public const uint Radio = 3;

    private const int Sensors = 14;
    private const int Radios = 5;
    private const ulong GenesisMs = 1_700_000_040_000; // a full minute
    private static readonly PrivateKey Maker = PrivateKey.FromSeed(KeyScheme.Secp256k1, "explained/maker");
    private static readonly PrivateKey[] Owners = [.. Enumerable.Range(0, Sensors + Radios).Select(i => PrivateKey.FromSeed(KeyScheme.Secp256k1, $"explained/owner/{i}"))];

    // One of them owns a device, and pays for it, too.
    private static PrivateKey[] Users => Owners[..2];

    private readonly Random random = new(7);
    private readonly Dictionary<Hash256, Address> proofs = [];
    private readonly Dictionary<Address, PrivateKey> ownerOf = [];
    private readonly List<(PrivateKey Payer, uint Service, ChannelId Channel)> channels = [];
    private readonly Dictionary<(ChannelId, Address), ulong> vouchers = [];

    public ExplainedRun()
    {
        Chain = new StoredChain(GenesisFile());
        for (int i = 0; i < Devices.Length; i++)
            ownerOf[Devices[i].Address] = Owners[i];
    }

    public StoredChain Chain { get; }

    public PrivateKey[] Devices { get; } =
        [.. Enumerable.Range(0, Sensors + Radios).Select(i => PrivateKey.FromSeed(KeyScheme.Secp256k1, $"explained/device/{i}"))];

    /// <summary>Units of each device in each service and epoch, from the receipts alone.</summary>
    public Dictionary<(Address Device, uint Service, ulong Epoch), ulong> Units { get; } = [];

    /// <summary>Verdicts of each, earning or not.</summary>
    public Dictionary<(Address Device, uint Service, ulong Epoch), int> Verdicts { get; } = [];

    /// <summary>What was burned for the credits spent on each, as far as it counts, from the receipts alone.</summary>
    public Dictionary<(Address Device, uint Service, ulong Epoch), ulong> Usage { get; } = [];

    /// <summary>What was minted for each service and epoch.</summary>
    public Dictionary<(uint Service, ulong Epoch), PoolMint> Pools { get; } = [];

    /// <summary>What a device must have earned in an epoch.</summary>
    public Amount Earned(Address device, ulong epoch) => Pools.Where(pool => pool.Key.Epoch == epoch).Aggregate(
        Amount.Zero,
        (sum, pool) => sum
            + ShareOf(pool.Value.Shares.Coverage, Units.GetValueOrDefault((device, pool.Key.Service, epoch)), pool.Value.Shares.Units)
            + ShareOf(pool.Value.Shares.Usage, Usage.GetValueOrDefault((device, pool.Key.Service, epoch)), pool.Value.Shares.Used.Grains));

    private static Amount ShareOf(Amount amount, ulong part, ulong whole) => whole == 0 ? Amount.Zero : amount.Share(part, whole);

    public void Run()
    {
        Chain.NowMs += 100;
        Execute([.. Devices.Select((device, i) => Register(i, device))]);
        Execute([.. Enumerable.Range(7, 7).Select(i => Chain.Sign(new EnrollDevice(Devices[i].Address, 2), Owners[i]))]);
        ulong end = GenesisMs + (Epochs * EpochMs);
        foreach (PrivateKey user in Users)
            OpenChannel(user);
        while (Chain.NowMs < end)
        {
            // Blocks a second apart, on the second, so that the first of each minute gives entropy.
            Chain.NowMs = (Chain.NowMs / 1_000 + 1) * 1_000;
            Execute(NextTransactions());
        }
        Execute([]);
    }

    public void Dispose() => Chain.Dispose();

    private List<byte[]> NextTransactions()
    {
        List<byte[]> transactions = [.. Coverage(Chain.NowMs / 1_000 % 60)];
        for (int i = random.Next(6); i > 0; i--)
        {
            PrivateKey sensor = Devices[random.Next(Sensors)];
            long value = random.Next(8) == 0 ? 5_000_000 : random.Next(1_000, 90_000);
            transactions.Add(Chain.Sign(new SubmitProof((uint)random.Next(1, 3), Chain.NowMs, new SensorReading(new Measurement(1, value))), sensor));
        }
        if (random.Next(3) == 0)
            transactions.Add(Payment());
        if (random.Next(10) == 0)
            transactions.Add(Ownership(Devices[random.Next(Sensors)].Address));
        return transactions;
    }

    // Users burn tokens for credits, and pay devices with them: each other's, their own, and some that give no verdict in that epoch.
    private void OpenChannel(PrivateKey user)
    {
        Transaction Decoded(byte[] encoded) =>
            Transaction.TryDecode(encoded, Chain.Genesis.ChainId, out Transaction? transaction) == Reason.None ? transaction! : throw new InvalidOperationException();
        for (uint service = 1; service <= 2; service++)
        {
            byte[] open = Chain.Sign(new OpenChannel(service, new Credits(4_000_000_000), Device: null, Chain.NowMs + 2_000_000), user);
            Execute([Chain.Sign(new BurnForCredits(new Amount(2_000_000_000)), user), open]);
            channels.Add((user, service, ChannelId.OpenedBy(Decoded(open).Id)));
        }
    }

    private byte[] Payment()
    {
        (PrivateKey payer, uint service, ChannelId channel) = channels[random.Next(channels.Count)];
        PrivateKey device = Devices[random.Next(Sensors)];
        ulong nonce = vouchers[(channel, device.Address)] = vouchers.GetValueOrDefault((channel, device.Address)) + 1;
        Voucher voucher = new(channel, device.Address, nonce, new Credits(nonce * 1_000_000), default);
        return Chain.Sign(new RedeemVoucher(VoucherOffer.By(payer, voucher).CountersignedBy(device)), payer);
    }

    // Who settles a device besides its proofs.
    private byte[] Ownership(Address device)
    {
        PrivateKey owner = ownerOf[device], other = Owners[random.Next(Owners.Length)];
        switch (random.Next(4))
        {
            case 0 when other != owner:
                ownerOf[device] = other;
                return Chain.Sign(new TransferDevice(device, other.Address, Amount.Zero), owner, other);
            case 1:
                return Chain.Sign(new WithdrawDevice(device, 2), owner);
            case 2:
                return Chain.Sign(new EnrollDevice(device, 2), owner);
            default:
                return Chain.Sign(new SetPayout(device, new Payee(owner.Address, 300_001), new Payee(Maker.Address, 699_999)), owner);
        }
    }

    private IEnumerable<byte[]> Coverage(ulong second)
    {
        ReadOnlySpan<PrivateKey> radios = Devices.AsSpan(Sensors);
        List<ProofPayload?> payloads = [];
        for (int i = 0; i < radios.Length; i++)
        {
            PrivateKey heard = radios[(i + 1) % radios.Length];
            payloads.Add(second switch
            {
                1 => new RadioBeacon(Chain.NowMs - 1_000, 868_000_000, RadioSecret.Commit(SecretOf(radios[i]))),
                2 or 3 => new RadioWitness(heard.Address, 868_000_000, -11_000 + (random.Next(3) * 4_000), RadioSecret.Mark(SecretOf(heard), radios[i].Address)),
                7 when random.Next(4) > 0 => new RadioReveal(SecretOf(radios[i])),
                _ => null,
            });
        }
        return [.. payloads.Zip(Devices.Skip(Sensors)).Where(static pair => pair.First is not null)
            .Select(pair => Chain.Sign(new SubmitProof(Radio, Chain.NowMs, pair.First!), pair.Second))];
    }

    private void Execute(List<byte[]> transactions)
    {
        foreach (byte[] encoded in transactions)
        {
            if (Transaction.TryDecode(encoded, Chain.Genesis.ChainId, out Transaction? transaction) == Reason.None && transaction!.Body.Message is SubmitProof)
            {
                proofs[transaction.Id] = transaction.Body.Signer;
                proofs[Receipt.FinalIdOf(transaction.Id)] = transaction.Body.Signer;
            }
        }
        if (Executor.MintDue(Chain.Reader.State, Chain.NowMs) is { } mint)
        {
            foreach (PoolMint pool in mint.Pools)
                Pools[(pool.Service, mint.Epoch)] = pool;
        }
        foreach (Receipt receipt in Chain.Run(transactions))
        {
            foreach (ServedWork served in receipt.Served)
            {
                (Address, uint, ulong) paid = (served.Device, served.Service, served.Epoch);
                Usage[paid] = Usage.GetValueOrDefault(paid) + served.Usage.Grains;
            }
            if (receipt.Verdict is not { Counts: true } verdict)
                continue;
            (Address, uint, ulong) key = (proofs[receipt.TransactionId], verdict.Service, verdict.Epoch);
            Units[key] = Units.GetValueOrDefault(key) + verdict.Units;
            Verdicts[key] = Verdicts.GetValueOrDefault(key) + 1;
        }
    }

    private byte[] Register(int number, PrivateKey device)
    {
        Attestation attestation = Attestation.Make(Maker, 1, device.Scheme, device.PublicKey.Span);
        uint service = number < Sensors ? 1 : Radio;
        return Chain.Sign(new RegisterDevice(device.Scheme, device.PublicKey, service, attestation, 451_900_000 + (number * 90_000), 57_200_000, 0), Owners[number], device);
    }

    private static Hash256 SecretOf(PrivateKey device) => Hashing.Sha256(device.PublicKey.Span);

    private static byte[] GenesisFile()
    {
        string key = Convert.ToHexStringLower(Maker.PublicKey.Span), address = AddressText.Format(Maker.Address, AddressKind.Account);
        string accounts = string.Join(",", Owners.Select(owner => $$"""{ "address": "{{AddressText.Format(owner.Address, AddressKind.Account)}}", "balance": 5000000000, "credits": 1000000000 }"""));
        string sensor = $$"""
            "kind": "sensor-telemetry", "manufacturers": ["{{address}}"],
            "metrics": [{ "id": 1, "name": "PM10", "unit": "µg/m³", "minimum": 0, "maximum": 999900, "jumpBase": 900000, "jumpPerMinute": 0 }],
            "intervalMinMs": 100, "maxAgeMs": 60000, "driftMs": 2000, "constancyMax": 9, "sponsor": { "credits": 1000000000000, "quotaPerEpoch": 1000000 }
            """;
        return Encoding.UTF8.GetBytes($$"""
            {
              "chainId": "explained-1", "timeMs": {{GenesisMs}},
              "validators": [{ "publicKey": "{{key}}", "power": 1, "moniker": "v" }],
              "accounts": [{{accounts}}],
              "manufacturers": [{ "name": "Maker", "scheme": "secp256k1", "publicKey": "{{key}}" }],
              "services": [
                { "id": 1, "name": "air", "rewardWeight": 3, {{sensor}} },
                { "id": 2, "name": "noise", "rewardWeight": 2, {{sensor}} },
                { "id": {{Radio}}, "name": "radio", "kind": "wireless-coverage", "manufacturers": ["{{address}}"],
                  "intervalMinMs": 1, "maxAgeMs": 60000, "driftMs": 2000, "constancyMax": 1, "sponsor": { "credits": 1000000000000, "quotaPerEpoch": 1000000 },
                  "coverage": { "eirpMaxCentiDbm": 1600, "gainMaxCentiDb": 600, "frequencyMinHz": 863000000, "frequencyMaxHz": 870000000 } }
              ],
              "parameters": {
                "epochMs": {{EpochMs}}, "rewardPerEpoch": 1000000007, "validatorsShare": 0, "withdrawalDelayMs": 15000, "priceFallback": 1000000000, "floorHalvingEpochs": 30, "restEpochs": 3, "channelLifetimeMaxMs": 3000000,
                "coverageOdds": 1, "coverageArrivalMs": 3000, "coverageRevealMs": 20000, "validatorEpochBlocks": 100000
              }
            }
            """);
    }
}
