using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Model;

/// <summary>The executor against the plain model: the same receipts and the same wealth of everybody, whatever is sent.</summary>
public class PlainLedgerTests
{
    private static readonly PrivateKey[] People = [Keys.Alice, Keys.Bob, Keys.Carol, Keys.Of("dave")];
    private static readonly PrivateKey[] Sensors = [.. Enumerable.Range(0, 5).Select(i => Keys.Of($"model sensor {i}"))];
    private static readonly PrivateKey[] Makers = [Keys.Maker, Keys.P256Maker, Keys.UnknownMaker];

    [Fact]
    public void RandomBlocks_GiveWhatTheModelGives()
    {
        HashSet<Reason> seen = [.. Enumerable.Range(1, 12).SelectMany(Compare)];

        Reason[] tried =
        [
            Reason.None, Reason.SequenceUsed, Reason.SequenceTooFarAhead, Reason.Expired, Reason.ValidUntilTooFar, Reason.UnknownAccount,
            Reason.UnknownDevice, Reason.UnknownService, Reason.UnknownManufacturer, Reason.ManufacturerNotAccepted, Reason.DeviceAlreadyRegistered,
            Reason.InsufficientCredits, Reason.SponsorQuotaExceeded, Reason.SponsorEmpty, Reason.BlockFull, Reason.InsufficientBalance,
            Reason.TooFewCredits, Reason.WrongService, Reason.OutOfOrder, Reason.FromTheFuture, Reason.TooOld, Reason.TooSoon, Reason.OutOfBounds,
            Reason.JumpTooLarge,
        ];
        Assert.Empty(tried.Except(seen));
    }

    private static HashSet<Reason> Compare(int seed)
    {
        Random random = new(seed);
        World world = new(PaidGenesis(random));
        PlainLedger model = new(world.Genesis);
        HashSet<Reason> seen = [];
        for (int block = 0; block < 200; block++)
        {
            world.NowMs += (ulong)(random.Next(12) == 0 ? random.Next(40_000) : random.Next(1_500));
            Transaction[] transactions = [.. Enumerable.Range(0, random.Next(16)).Select(_ => RandomTransaction(random, world))];
            List<Reason> expected = model.Execute(world.NowMs, transactions);

            Receipt[] receipts = [.. world.Run(transactions).Receipts.TakeLast(transactions.Length)];

            Assert.Equal(expected, receipts.Select(receipt => receipt.EffectiveReason));
            AssertSameWealth(world, model);
            seen.UnionWith(expected);
        }
        return seen;
    }

    private static void AssertSameWealth(World world, PlainLedger model)
    {
        foreach ((Address address, PlainDevice device) in model.Devices)
        {
            DeviceView view = LedgerQueries.Device(world.State, address)!;
            Assert.Equal((device.Settled, device.Unsettled), (view.Device.Enrollments.Single().Settled.Grains, view.Unsettled.Single().Grains));
        }
        foreach ((Address address, PlainAccount plain) in model.Accounts)
        {
            AccountRecord account = AccountRecord.Get(world.State, address);
            Assert.Equal((plain.Balance, plain.Credits), (account.Balance.Grains, account.Credits.Units));
        }
        Assert.Equal(model.CreditsSpent, LedgerQueries.Supply(world.State).Supply.CreditsSpent.Units);
        Assert.All(model.Sponsors, sponsor => Assert.Equal(sponsor.Value.Credits, SponsorRecord.Find(world.State, sponsor.Key)!.Credits.Units));

        SupplyAudit audit = world.Audit();
        Assert.True(audit.Conserved, audit.ToString());
        UInt128 unsettled = model.Devices.Values.Aggregate((UInt128)0, (sum, device) => sum + device.Unsettled);
        Assert.Equal(model.Treasury, audit.Treasury + audit.Pools - unsettled);
    }

    private static JsonObject PaidGenesis(Random random)
    {
        JsonObject json = TestGenesis.Json();
        JsonNode parameters = json["parameters"]!;
        parameters["feeTokens"] = random.Next(5);
        parameters["feeIdentity"] = random.Next(10);
        parameters["feeBytesPerCredit"] = random.Next(50, 200);
        parameters["blockTokens"] = 3;
        parameters["blockProofs"] = 6;
        json["accounts"]![0]!["credits"] = 3_000;
        json["accounts"]![1]!["credits"] = 40;
        json["services"]![0]!["sponsor"] = new JsonObject { ["credits"] = 2_000, ["quotaPerEpoch"] = 12 };
        JsonObject sensor = new() { ["address"] = AddressText.Format(Sensors[0].Address, AddressKind.Account), ["balance"] = 0, ["credits"] = 500 };
        json["accounts"]!.AsArray().Add(sensor);
        return json;
    }

    private static Transaction RandomTransaction(Random random, World world)
    {
        PrivateKey person = People[random.Next(People.Length)], sensor = Sensors[random.Next(Sensors.Length)];
        switch (random.Next(12))
        {
            case 0 or 1:
                return world.Register(person, sensor, (uint)random.Next(1, 4), Makers[random.Next(4) % Makers.Length]);
            case 2 or 3:
                return world.Transfer(person, Keys.Of($"payee {random.Next(4)}"), (ulong)random.NextInt64(1, random.Next(3) == 0 ? 2_000_000 : 300));
            case 4:
                return world.Sign(new FundSponsor((uint)random.Next(1, 4), new Credits((ulong)random.Next(1, 60))), person);
            case 5:
                Body odd = new(
                    person.Address, (ulong)random.Next(1, random.Next(8) == 0 ? 3_000 : 90), (ulong)((long)world.NowMs + random.Next(-60_000, 700_000)),
                    new Transfer(Keys.OtherSensor.Address, new Amount(1)));
                return world.Sign(odd, person);
            case 6 when person != Keys.Alice:
                ulong next = world.NextSequence(person, asDevice: false);
                Body paid = new(person.Address, next, world.NowMs + 1_000, new Transfer(Keys.Alice.Address, new Amount(1)), Keys.Alice.Address);
                return world.Sign(paid, person, Keys.Alice);
            default:
                long value = random.Next(12) == 0 ? random.NextInt64() - random.NextInt64() : random.Next(8_000, 16_000);
                int fromNow = random.Next(8) == 0 ? random.Next(-100_000, 100_000) : random.Next(-500, 100);
                return world.Proof(sensor, value, random.Next(50_000), (ulong)((long)world.NowMs + fromNow), (uint)random.Next(1, 3));
        }
    }
}
