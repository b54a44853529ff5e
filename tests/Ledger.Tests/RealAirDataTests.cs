using System.Globalization;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>
/// The devnet's bounds against what real sensors measured: honest data must pass. The data is not part of the repository; without it
/// the tests are skipped and say so.
/// </summary>
public class RealAirDataTests(ITestOutputHelper output)
{
    private static readonly string DataFolder = RepositoryFiles.Path("..", "shared", "data", "air");

    /// <param name="speed">How many times faster than the sensors measured; the devnet replays at about 600.</param>
    /// <param name="blockMs">The time between blocks.</param>
    [Theory]
    [InlineData(1UL, 60_000UL)]
    [InlineData(600UL, 250UL)]
    public void RealReadings_DevnetGenesis_AtLeast98PercentAccepted(ulong speed, ulong blockMs)
    {
        Assert.SkipUnless(Directory.Exists(DataFolder), $"needs the sensor readings in {DataFolder}");
        Genesis genesis = GenesisTests.Devnet();
        Replay replay = new(genesis);
        Reading[] readings =
        [
            .. Directory.EnumerateFiles(DataFolder, "*.csv").SelectMany(ReadFile)
                .OrderBy(reading => reading.UnixMs).ThenBy(reading => reading.Sensor, StringComparer.Ordinal),
        ];
        Assert.True(readings.Length > 50_000, $"only {readings.Length} readings");

        ulong start = genesis.TimeMs + 1_000;
        ulong first = readings[0].UnixMs;
        replay.Register(readings.Select(reading => reading.Sensor).Distinct(), start);
        IEnumerable<Reading> sped = readings.Select(reading => reading with { UnixMs = start + (reading.UnixMs - first) / speed });
        foreach (IGrouping<ulong, Reading> block in sped.GroupBy(reading => (reading.UnixMs - start) / blockMs))
            replay.Block(start + (block.Key + 1) * blockMs, block);

        output.WriteLine($"{replay.Total} readings, {replay.Verdicts.GetValueOrDefault(Reason.None)} accepted");
        foreach ((Reason reason, int count) in replay.Verdicts.OrderBy(entry => entry.Key))
            output.WriteLine($"{reason.Name()}: {count}");
        Assert.Equal(readings.Length, replay.Total);
        Assert.True(replay.Verdicts[Reason.None] >= 0.98 * replay.Total);
        Assert.True(replay.Audit().Conserved, replay.Audit().ToString());
        Assert.True(replay.Audit().Minted > 0);
    }

    private static IEnumerable<Reading> ReadFile(string path)
    {
        foreach (string line in File.ReadLines(path).Skip(1))
        {
            string[] cells = line.Split(';');
            if (!TryThousandths(cells[6], out long pm10) || !TryThousandths(cells[9], out long pm25))
                continue; // the sensor sent no value: there is nothing to prove
            DateTimeOffset time = DateTimeOffset.Parse(cells[5], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            yield return new Reading(cells[0], (ulong)time.ToUnixTimeMilliseconds(), pm10, pm25);
        }
    }

    private static bool TryThousandths(string cell, out long value)
    {
        bool valid = decimal.TryParse(cell, NumberStyles.Number, CultureInfo.InvariantCulture, out decimal number);
        value = (long)(number * 1_000);
        return valid;
    }

    private readonly record struct Reading(string Sensor, ulong UnixMs, long Pm10, long Pm25);

    /// <summary>A chain that executes readings with the devnet's genesis and keys.</summary>
    private sealed class Replay
    {
        private readonly Genesis genesis;
        private readonly DictionaryState state = new();
        private readonly Dictionary<string, (PrivateKey Key, ulong Sequence)> sensors = [];
        private ulong height;

        public Replay(Genesis genesis)
        {
            this.genesis = genesis;
            state.Apply(genesis.InitialState());
        }

        public Dictionary<Reason, int> Verdicts { get; } = [];

        public int Total => Verdicts.Values.Sum();

        public SupplyAudit Audit() => SupplyAudit.Of(state.Entries);

        public void Register(IEnumerable<string> names, ulong nowMs)
        {
            PrivateKey owner = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/owner/0");
            PrivateKey maker = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/manufacturer/0");
            List<Transaction> transactions = [];
            foreach (string name in names)
            {
                PrivateKey key = Keys.Of("air/" + name);
                sensors.Add(name, (key, 0));
                Attestation attestation = Attestation.Make(maker, 1, key.Scheme, key.PublicKey.Span);
                RegisterDevice message = new(key.Scheme, key.PublicKey, 1, attestation, 571_500_000, -21_000_000, 2_000);
                transactions.Add(Decode(new Body(owner.Address, (ulong)sensors.Count, nowMs + 60_000, message), owner, key));
            }
            Assert.All(Execute(nowMs, transactions), receipt => Assert.Equal(Reason.None, receipt.Reason));
        }

        public void Block(ulong nowMs, IEnumerable<Reading> readings)
        {
            List<Transaction> transactions = [];
            foreach (Reading reading in readings)
            {
                (PrivateKey key, ulong sequence) = sensors[reading.Sensor];
                sensors[reading.Sensor] = (key, sequence + 1);
                SensorReading payload = new(new Measurement(1, reading.Pm10), new Measurement(2, reading.Pm25));
                SubmitProof proof = new(1, reading.UnixMs, payload);
                transactions.Add(Decode(new Body(key.Address, sequence + 1, nowMs + 60_000, proof), key));
            }
            foreach (Receipt receipt in Execute(nowMs, transactions).TakeLast(transactions.Count))
            {
                Assert.Equal(Reason.None, receipt.Reason);
                Reason verdict = receipt.Verdict!.Value.Reason;
                Verdicts[verdict] = Verdicts.GetValueOrDefault(verdict) + 1;
            }
        }

        private IReadOnlyList<Receipt> Execute(ulong nowMs, List<Transaction> transactions)
        {
            BlockResult result = Executor.Execute(
                state, new BlockContext(genesis.ChainId, ++height, nowMs), Executor.MintDue(state, nowMs)?.EncodeBody(), transactions);
            Assert.True(result.IsValid, result.Reason.Name());
            state.Apply(result.Changes);
            return result.Receipts;
        }

        private Transaction Decode(Body body, params PrivateKey[] keys)
        {
            byte[] encoded = TransactionBuilder.Sign(genesis.ChainId, body, keys);
            Assert.Equal(Reason.None, Transaction.TryDecode(encoded, genesis.ChainId, out Transaction? transaction));
            return transaction!;
        }
    }
}
