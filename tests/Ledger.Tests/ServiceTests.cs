using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>Services that accounts create and change.</summary>
public sealed class ServiceTests
{
    private const ulong Bond = 5_000;
    private readonly World world = new(WithBond());

    private static ServiceDefinition Definition => IdentityWorld.Definition(Keys.Maker);

    [Fact]
    public void Create_PledgesTheBond_AndTakesDevices()
    {
        ulong before = world.Balance(Keys.Alice);
        uint id = world.Created(Definition with { Endpoint = "https://noise.example/" });

        ServiceRecord service = LedgerQueries.Service(world.State, id)!.Service;
        Assert.Equal((3U, Keys.Alice.Address, 0U), (id, service.Owner, service.RewardWeight));
        Assert.Equal(Definition with { Endpoint = "https://noise.example/" }, service.Definition);
        Assert.Equal(before - Bond, world.Balance(Keys.Alice));
        Assert.Equal((UInt128)Bond, world.Audit().Bonds);
        world.Registered(Keys.Bob, Keys.Sensor, id);
        Assert.Equal(Reason.None, world.Judge(Keys.Sensor, id));
    }

    [Fact]
    public void Created_WithoutAWeight_MintsNothingForItsOwnDevices()
    {
        uint id = world.Created(Definition);
        world.Registered(Keys.Alice, Keys.Sensor, id);
        world.Judge(Keys.Sensor, id);
        world.NextEpoch();
        Assert.Equal(Amount.Zero, LedgerQueries.Supply(world.State).Supply.Minted);
        Assert.Equal(Amount.Zero, world.Device(Keys.Sensor).Unsettled.Single());
        Assert.Equal(Reason.None, world.Judge(Keys.Sensor, id)); // its units of the old epoch are forgotten
        Assert.Equal(SensorReading.UnitsPerReading, world.Work(Keys.Sensor, id).Units);
    }

    [Fact]
    public void Create_WhatCannotBe_IsSkipped()
    {
        world.Expect(Reason.UnknownAccount, new CreateService(Definition, Credits.Zero), Keys.Carol);
        world.Expect(Reason.ServiceBondNotCovered, new CreateService(Definition, Credits.Zero), Keys.Bob);
        world.Expect(Reason.UnknownManufacturer, new CreateService(IdentityWorld.Definition(Keys.UnknownMaker), Credits.Zero), Keys.Alice);
    }

    [Fact]
    public void Create_BeyondTheLimit_IsSkipped()
    {
        JsonObject genesis = WithBond();
        JsonObject last = (JsonObject)genesis["services"]![1]!;
        last["id"] = uint.MaxValue;
        World full = new(genesis);
        full.Expect(Reason.TooManyServices, new CreateService(Definition, Credits.Zero), Keys.Alice);
    }

    [Fact]
    public void Definition_OutsideItsBounds_IsRefused()
    {
        MetricRule metric = Definition.Metrics[0];
        ServiceDefinition[] wrong =
        [
            Definition with { Name = "" },
            Definition with { Name = new string('x', 65) },
            Definition with { Name = "two\nlines" },
            Definition with { Kind = (ProofKind)200 },
            Definition with { RulesVersion = 0 },
            Definition with { RulesVersion = 2 },
            Definition with { IntervalMinMs = 0 },
            Definition with { MaxAgeMs = ServiceBounds.MaxAgeMsMax + 1 },
            Definition with { DriftMs = ServiceBounds.DriftMsMax + 1 },
            Definition with { ConstancyMax = 0 },
            Definition with { KindParameters = new byte[256] },
            Definition with { Endpoint = "http://not.secret/" },
            Definition with { Endpoint = "https://" },
            Definition with { Endpoint = "https://two words/" },
            Definition with { Endpoint = "https://" + new string('x', 200) },
            Definition with { Manufacturers = [] },
            Definition with { Manufacturers = [Keys.Maker.Address, Keys.Maker.Address] },
            Definition with { Metrics = [] },
            Definition with { Metrics = [metric, metric] },
            Definition with { Metrics = [metric with { Id = 0 }] },
            Definition with { Metrics = [metric with { Minimum = 1, Maximum = 0 }] },
            Definition with { Metrics = [metric with { Unit = "" }] },
        ];
        Assert.True(ServiceBounds.Allow(Definition));
        Assert.All(wrong, definition => world.ExpectRefused(Reason.ServiceOutOfBounds, new CreateService(definition, Credits.Zero), Keys.Alice));
        world.ExpectRefused(Reason.ServiceOutOfBounds, new UpdateService(1, wrong[0], Credits.Zero), Keys.Alice);
    }

    [Fact]
    public void Update_HoldsFromTheNextEpochOn()
    {
        uint id = world.Created(Definition);
        world.Registered(Keys.Bob, Keys.Sensor, id);
        ServiceDefinition tighter = Definition with { Metrics = [Definition.Metrics[0] with { Maximum = 9_000 }, Definition.Metrics[1]] };
        world.Expect(Reason.None, new UpdateService(id, tighter, Credits.Zero), Keys.Alice);

        Assert.Equal(tighter, LedgerQueries.Service(world.State, id)!.Pending);
        Assert.Equal(Reason.None, world.Judge(Keys.Sensor, id)); // 10,000 is still within bounds
        world.NowMs = TestGenesis.TimeMs + TestGenesis.EpochMs;
        BlockResult sameBlock = world.Run(world.Proof(Keys.Sensor, 10_000, service: id)); // the mint comes first in it

        Assert.Equal(Reason.OutOfBounds, sameBlock.Receipts[^1].EffectiveReason);
        Assert.Null(LedgerQueries.Service(world.State, id)!.Pending);
        Assert.Equal(tighter, LedgerQueries.Service(world.State, id)!.Service.Definition);
    }

    [Fact]
    public void Update_OtherMetrics_AreJudgedWithoutTheOldReading()
    {
        uint id = world.Created(Definition);
        world.Registered(Keys.Bob, Keys.Sensor, id);
        world.Judge(Keys.Sensor, id);
        ServiceDefinition other = Definition with { Metrics = [Definition.Metrics[0] with { Id = 5, JumpBase = 0 }] };
        world.Expect(Reason.None, new UpdateService(id, other, Credits.Zero), Keys.Alice);
        world.NextEpoch();

        Transaction reading = world.Sign(new SubmitProof(id, world.NowMs, new SensorReading(new Measurement(5, 20_000))), Keys.Sensor);
        Assert.Equal(Reason.None, world.RunOne(reading).EffectiveReason);
    }

    [Fact]
    public void Update_QuotaOfTheSponsor_HoldsAtOnce()
    {
        uint id = world.Created(Definition);
        world.Expect(Reason.None, new UpdateService(id, null, new Credits(77)), Keys.Alice);
        Assert.Equal(77UL, SponsorRecord.Find(world.State, id)!.QuotaPerEpoch.Units);
        Assert.Null(LedgerQueries.Service(world.State, id)!.Pending);
    }

    [Fact]
    public void Update_WhatCannotBe_IsSkipped()
    {
        uint id = world.Created(Definition);
        world.Expect(Reason.NotTheServicesOwner, new UpdateService(id, Definition, Credits.Zero), Keys.Bob);
        world.Expect(Reason.NotTheServicesOwner, new UpdateService(1, Definition, Credits.Zero), Keys.Alice);
        world.Expect(Reason.UnknownService, new UpdateService(9, Definition, Credits.Zero), Keys.Alice);
        world.Expect(Reason.UnknownManufacturer, new UpdateService(id, IdentityWorld.Definition(Keys.UnknownMaker), Credits.Zero), Keys.Alice);
    }

    [Fact]
    public void Unattested_WhereNobodyMustVouch_NeedsAnAccount()
    {
        uint open = world.Created(IdentityWorld.Definition());
        RegisterDevice bare = World.Registration(Keys.Sensor, open) with { Attestation = null };
        world.Expect(Reason.UnknownAccount, bare, Keys.Carol, Keys.Sensor);

        world.Expect(Reason.None, bare, Keys.Bob, Keys.Sensor);

        world.NowMs += 100;
        Assert.Null(world.Device(Keys.Sensor).Device.Manufacturer);
        Assert.Equal(Reason.None, world.Judge(Keys.Sensor, open));
        world.Expect(Reason.AttestationRequired, new EnrollDevice(Keys.Sensor.Address, 1), Keys.Bob);
        PrivateKey next = Keys.Of("next key");
        world.Expect(Reason.None, new RotateDeviceKey(Keys.Sensor.Address, next.Scheme, next.PublicKey, null), Keys.Bob, next);
    }

    private static JsonObject WithBond()
    {
        JsonObject genesis = TestGenesis.Json();
        genesis["parameters"]!["serviceBond"] = Bond;
        return genesis;
    }
}
