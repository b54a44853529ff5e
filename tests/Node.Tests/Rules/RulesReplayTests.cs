using System.Text;
using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Cli;
using AppChain.Node.Replay;
using AppChain.Node.Rules;
using AppChain.Storage;
using Node.Tests.Explain;

namespace Node.Tests.Rules;

/// <summary>The past of a real store, executed once more with other rules beside those that held.</summary>
public sealed class RulesReplayTests : IDisposable
{
    private const ulong EpochMs = 10_000;
    private const uint Epochs = 6;

    private readonly StoredChain chain;
    private readonly PrivateKey maker = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/manufacturer/0");
    private readonly PrivateKey owner = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/owner/0");
    private readonly PrivateKey steady = PrivateKey.FromSeed(KeyScheme.Secp256k1, "rules/steady"), loud = PrivateKey.FromSeed(KeyScheme.Secp256k1, "rules/loud");
    private readonly string scratch = Path.Combine(Directory.CreateTempSubdirectory("appchain-rules-").FullName, "store");

    public RulesReplayTests()
    {
        JsonNode genesis = JsonNode.Parse(Repository.Read("genesis.json"))!;
        genesis["parameters"]!["validatorEpochBlocks"] = 1_000_000;
        // Windows of four seconds, for rules that compare neighbours.
        genesis["parameters"]!["sensorSlotMs"] = 1_000;
        genesis["parameters"]!["sensorWindowSlots"] = 4;
        genesis["parameters"]!["sensorCloseMs"] = 1_000;
        genesis["parameters"]!["sensorAvailabilityMin"] = 1;
        chain = new StoredChain(Encoding.UTF8.GetBytes(genesis.ToJsonString()));
        chain.NowMs += 1;
        chain.Run(Registration(steady), Registration(loud));
        for (uint epoch = 0; epoch <= Epochs; epoch++)
        {
            for (int reading = 0; reading < 4; reading++)
            {
                chain.NowMs = chain.Genesis.TimeMs + (epoch * EpochMs) + 100 + ((ulong)reading * 1_000);
                chain.Run(Reading(steady, 10_000 + reading), Reading(loud, reading % 2 == 0 ? 20_000 + reading : 60_000 + reading));
            }
        }
    }

    private ServiceDefinition Present => chain.Genesis.Services[0].Definition;

    // Up to 50 µg/m³: half of what the loud one says.
    private ServiceDefinition Stricter => Present with { Metrics = [Present.Metrics[0] with { Maximum = 50_000 }, Present.Metrics[1]] };

    public void Dispose()
    {
        chain.Dispose();
        foreach (PrivateKey key in (PrivateKey[])[maker, owner, steady, loud])
            key.Dispose();
        Directory.Delete(Path.GetDirectoryName(scratch)!, recursive: true);
    }

    [Fact]
    public void Replay_OfStricterRules_SaysWhoWouldEarnMoreAndWhoLess()
    {
        IReadOnlyList<DeviceDifference> devices = Run(Stricter, first: 1, last: Epochs - 2);

        Assert.Equal([steady.Address, loud.Address], devices.Select(device => device.Device));
        const ulong epochs = Epochs - 2, million = SensorReading.UnitsPerReading;
        Assert.All(devices, device => Assert.Equal(4 * epochs * million, device.Units));
        Assert.Equal([4 * epochs * million, 2 * epochs * million], devices.Select(device => device.OtherUnits));
        Assert.Equal(devices[0].Earned, devices[1].Earned);
        Assert.True(devices[0].Earned > Amount.Zero);
        // The same pools, shared 4 : 2 where it was 4 : 4; floored once for each epoch.
        ulong whole = devices[0].Earned.Grains + devices[1].Earned.Grains;
        Assert.InRange(devices[0].WouldEarn.Grains, (whole * 2 / 3) - epochs, (whole * 2 / 3) + epochs);
        Assert.InRange(devices[1].WouldEarn.Grains, (whole / 3) - epochs, (whole / 3) + epochs);
        Assert.True(devices[0].Difference > 0 && devices[1].Difference < 0);
    }

    /// <summary>
    /// Two devices of one owner are nobody's witnesses: rules that compare neighbours would pay them the stated confidence of a quarter,
    /// when the windows have closed.
    /// </summary>
    [Fact]
    public void Replay_OfRulesThatCompareNeighbours_SaysWhatWindowsWouldHavePaid()
    {
        NeighbourTerms terms = new(10, [new NeighbourMetric(1, 3_000, 2_000, 400_000, 1_500_000, 100_000)]);

        IReadOnlyList<DeviceDifference> devices = Run(Present with { KindParameters = terms.Encode() }, first: 1, last: Epochs - 1);

        Assert.Equal(2, devices.Count);
        DeviceDifference quiet = devices.Single(device => device.Device == steady.Address);
        const ulong epochs = Epochs - 1, million = SensorReading.UnitsPerReading;
        Assert.Equal(4 * epochs * million, quiet.Units);
        // Of the last epoch's windows some are judged in the next one.
        Assert.InRange(quiet.OtherUnits, (epochs - 1) * million, epochs * million);
        Assert.Equal(0UL, quiet.OtherUnits % (million / 4));
    }

    [Fact]
    public void Replay_OfTheSameRules_ChangesNothingForAnybody()
    {
        Assert.All(Run(Present, first: 0, last: Epochs - 1), device =>
        {
            Assert.Equal((device.Units, device.Earned), (device.OtherUnits, device.WouldEarn));
            Assert.True(device.Units > 0);
        });
    }

    [Fact]
    public void Replay_OfWhatIsNotThere_SaysWhy()
    {
        void Refused(string said, ServiceDefinition rules, ulong first, ulong last, uint service = 1) =>
            Assert.Contains(said, Assert.Throws<CommandException>(() => Run(rules, first, last, service)).Message, StringComparison.Ordinal);

        Refused("has not ended", Present, 0, Epochs);
        Refused("there is no epoch between", Present, 2, 1);
        Refused("there was no service 9", Present, 0, 1, service: 9);
        Refused("must be of the same kind", Present with { Kind = ProofKind.WirelessCoverage }, 0, 1);
    }

    private IReadOnlyList<DeviceDifference> Run(ServiceDefinition rules, ulong first, ulong last, uint service = 1)
    {
        chain.Close();
        using StoreRecords records = StoreRecords.Open(chain.Directory);
        return new RulesReplay(records, chain.Genesis, scratch).Run([new ReplayBase(0, null)], service, rules, first, last, static (_, _) => { });
    }

    private byte[] Registration(PrivateKey device) => chain.Sign(
        new RegisterDevice(device.Scheme, device.PublicKey, 1, Attestation.Make(maker, 1, device.Scheme, device.PublicKey.Span), 0, 0, 0), owner, device);

    private byte[] Reading(PrivateKey device, long value) =>
        chain.Sign(new SubmitProof(1, chain.NowMs, new SensorReading(new Measurement(1, value), new Measurement(2, 5_000))), device);
}
