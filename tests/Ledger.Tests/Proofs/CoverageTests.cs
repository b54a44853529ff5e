using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;
using static AppChain.Tests.Ledger.Proofs.CoverageWorld;

namespace AppChain.Tests.Ledger.Proofs;

/// <summary>Wireless coverage: who is drawn, who is heard, who earns.</summary>
public class CoverageTests
{
    private readonly CoverageWorld coverage = new();

    private World World => coverage.World;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    public void Beacon_HeardAndRevealed_PaysBeaconAndWitnesses(int witnesses)
    {
        coverage.Build(witnesses + 1);
        coverage.NextSlot();
        Receipt beacon = coverage.Beacon(Radio(0));
        Receipt[] heard = [.. Enumerable.Range(1, witnesses).Select(i => coverage.Witness(Radio(i), Radio(0)))];
        Assert.Equal(0UL, World.Work(Radio(1), Service).Units);
        coverage.EndArrival();
        Assert.Equal(Reason.None, coverage.Reveal(Radio(0)).EffectiveReason);

        BlockResult block = coverage.Close();

        ulong epoch = LedgerQueries.Supply(World.State).Epochs.Open;
        Assert.Equal(new Verdict(Reason.None, CoverageUnits.OfBeacon(witnesses), epoch, Service), FinalOf(block, beacon));
        Assert.All(heard, proof => Assert.Equal(new Verdict(Reason.None, CoverageUnits.OfWitness(witnesses), epoch, Service), FinalOf(block, proof)));
        ulong units = CoverageUnits.OfBeacon(witnesses) + ((ulong)witnesses * CoverageUnits.OfWitness(witnesses));
        Assert.Equal(units, LedgerQueries.Service(World.State, Service)!.EpochUnits);
        Assert.Null(CoverageGroup.Find(World.State, Service, Radio(0).Address));
        World.AssertConserved();
    }

    [Fact]
    public void Beacon_OfADeviceThatIsNotDrawn_IsRefused()
    {
        CoverageWorld rare = new(odds: 100_000);
        rare.Place(0, 0);
        rare.NextSlot();

        Assert.Equal(Reason.NotDrawn, rare.Beacon(Radio(0)).EffectiveReason);
    }

    [Fact]
    public void Draw_OverManyDevicesAndSlots_HitsOneInTheOdds()
    {
        int hits = Enumerable.Range(0, 36_000).Count(i =>
            new EntropySlot(0, Hashing.Sha256([(byte)(i / 1_000)])).Draws(Service, new Address(Hashing.Sha256(BitConverter.GetBytes(i % 1_000)).Bytes[..20]), 360));

        Assert.InRange(hits, 60, 140);
    }

    [Fact]
    public void Beacon_WithoutItsChallenge_IsRefused()
    {
        coverage.Place(0, 0);
        coverage.NextSlot();
        ulong slot = coverage.SlotMs;

        Assert.Equal(Reason.UnknownChallenge, coverage.Beacon(Radio(0), slot - 1).EffectiveReason);
        Assert.Equal(Reason.FrequencyOutOfBand, coverage.Beacon(Radio(0), frequencyHz: 915_000_000).EffectiveReason);
        coverage.Place(1, 1);
        Assert.Equal(Reason.CameAfterChallenge, coverage.Beacon(Radio(1), slot).EffectiveReason);
        World.NowMs = slot + 180_001;
        Assert.Equal(Reason.ChallengeStale, coverage.Beacon(Radio(0), slot).EffectiveReason);
    }

    [Fact]
    public void Beacon_OfADeviceThatMovedAfterTheChallenge_IsRefused()
    {
        coverage.Place(0, 0);
        coverage.NextSlot();
        World.RunOne(World.Sign(new AssertLocation(Radio(0).Address, 451_900_000, 57_300_000, 0), OwnerOf(0)));

        Assert.Equal(Reason.CameAfterChallenge, coverage.Beacon(Radio(0)).EffectiveReason);
    }

    [Fact]
    public void Beacon_WhileTheLastOneIsOpen_IsRefused()
    {
        coverage.Place(0, 0);
        coverage.NextSlot();

        Assert.Equal(Reason.AwaitsGroup, coverage.Beacon(Radio(0)).EffectiveReason);
        Assert.Equal(Reason.BeaconOpen, coverage.Beacon(Radio(0)).EffectiveReason);
    }

    [Fact]
    public void Witness_ThatCannotBeOne_IsRefusedAtOnce()
    {
        coverage.Build(3);
        coverage.Place(9, 3, owner: OwnerOf(0));
        coverage.NextSlot();
        coverage.Place(8, 4);
        Assert.Equal(Reason.NoOpenBeacon, coverage.Witness(Radio(1), Radio(0)).EffectiveReason);
        coverage.Beacon(Radio(0));

        Assert.Equal(Reason.OwnBeacon, coverage.Witness(Radio(0), Radio(0)).EffectiveReason);
        Assert.Equal(Reason.SameOwner, coverage.Witness(Radio(9), Radio(0)).EffectiveReason);
        Assert.Equal(Reason.CameAfterChallenge, coverage.Witness(Radio(8), Radio(0)).EffectiveReason);
        Assert.Equal(Reason.HeardUntimely, coverage.Witness(Radio(1), Radio(0), observedMs: coverage.SlotMs - 101).EffectiveReason);
        Assert.Equal(Reason.HeardUntimely, coverage.Witness(Radio(1), Radio(0), observedMs: World.NowMs + 101).EffectiveReason);
        Assert.Equal(Reason.AwaitsGroup, coverage.Witness(Radio(1), Radio(0)).EffectiveReason);
        Assert.Equal(Reason.AlreadyWitnessed, coverage.Witness(Radio(1), Radio(0)).EffectiveReason);
        coverage.EndArrival();
        Assert.Equal(Reason.NoOpenBeacon, coverage.Witness(Radio(2), Radio(0)).EffectiveReason);
    }

    [Fact]
    public void Witness_ThatNeverSentABeacon_IsIdle()
    {
        coverage.Build(2);
        coverage.Place(5, 5);
        coverage.NextSlot();
        coverage.Beacon(Radio(0));

        Assert.Equal(Reason.WitnessIdle, coverage.Witness(Radio(5), Radio(0)).EffectiveReason);
    }

    [Theory]
    [InlineData(Reason.FrequencyDiffers, 868_300_000, -11_000, 1.0)]
    [InlineData(Reason.TooStrong, 868_100_000, -4_000, 1.0)]
    [InlineData(Reason.TooStrong, 868_100_000, -7_300, 1.0)] // as free space would let it be: every real way loses more
    [InlineData(Reason.TooWeak, 868_100_000, -15_100, 1.0)]
    [InlineData(Reason.TooNear, 868_100_000, -11_000, 0.3)]
    [InlineData(Reason.TooFar, 868_100_000, -11_000, 101.0)]
    public void Witness_AgainstPhysics_CountsAndEarnsNothing(Reason expected, ulong frequencyHz, int rssi, double kilometres)
    {
        coverage.Place(0, 0);
        coverage.Place(1, kilometres);
        for (int i = 2; i < 7; i++)
            coverage.Place(i, i);
        coverage.NextSlot();
        for (int i = 0; i < 7; i++)
            coverage.Beacon(Radio(i));
        coverage.Close();
        coverage.NextSlot();
        Receipt beacon = coverage.Beacon(Radio(0));
        Receipt odd = coverage.Witness(Radio(1), Radio(0), frequencyHz, rssi);
        Receipt[] honest = [.. Enumerable.Range(2, 5).Select(i => coverage.Witness(Radio(i), Radio(0)))];
        coverage.EndArrival();
        coverage.Reveal(Radio(0));

        BlockResult block = coverage.Close();

        Assert.Equal((expected, 0UL), (FinalOf(block, odd).Reason, FinalOf(block, odd).Units));
        Assert.Equal(CoverageUnits.OfBeacon(5), FinalOf(block, beacon).Units);
        Assert.All(honest, proof => Assert.Equal(CoverageUnits.OfWitness(6), FinalOf(block, proof).Units));
    }

    [Fact]
    public void Witness_ThatDidNotKnowTheSecret_EarnsNothing()
    {
        coverage.Build(3);
        coverage.NextSlot();
        Receipt beacon = coverage.Beacon(Radio(0));
        // What another one has sent in shows nothing of the secret: a copy of it is none of one's own.
        Receipt copied = coverage.Witness(Radio(1), Radio(0), mark: RadioSecret.Mark(Secret(Radio(0)), Radio(2).Address));
        coverage.EndArrival();
        coverage.Reveal(Radio(0));

        BlockResult block = coverage.Close();

        Assert.Equal(Reason.MarkDiffers, FinalOf(block, copied).Reason);
        Assert.Equal(Reason.NotWitnessed, FinalOf(block, beacon).Reason);
        Assert.Equal(0UL, LedgerQueries.Service(World.State, Service)!.EpochUnits);
    }

    [Fact]
    public void Beacon_ThatIsNotRevealed_EarnsNobodyAnything()
    {
        coverage.Build(2);
        coverage.NextSlot();
        Receipt beacon = coverage.Beacon(Radio(0));
        Receipt heard = coverage.Witness(Radio(1), Radio(0));
        Assert.Equal(Reason.RevealedTooEarly, coverage.Reveal(Radio(0)).EffectiveReason);
        coverage.EndArrival();
        Assert.Equal(Reason.SecretDiffers, coverage.Reveal(Radio(0), Hashing.Sha256([1])).EffectiveReason);

        BlockResult block = coverage.Close();

        Assert.Equal((Reason.NotRevealed, Reason.NotRevealed), (FinalOf(block, beacon).Reason, FinalOf(block, heard).Reason));
        Assert.Equal(Reason.NoOpenBeacon, coverage.Reveal(Radio(0)).EffectiveReason);
    }

    [Fact]
    public void Witnesses_BeyondTheLimit_AreDrawnWhateverOrderTheyComeIn()
    {
        const int Count = LedgerLimits.WitnessesMax + 3;
        Address[] KeptOf(IEnumerable<int> order)
        {
            CoverageWorld world = new();
            world.Build(Count + 1);
            world.NextSlot();
            world.Beacon(Radio(0));
            BlockResult heard = world.World.Run([.. order.Select(i => world.Sign(
                Radio(i), new RadioWitness(Radio(0).Address, FrequencyHz, -11_000, RadioSecret.Mark(Secret(Radio(0)), Radio(i).Address))))]);
            CoverageGroup group = CoverageGroup.Find(world.World.State, Service, Radio(0).Address)!;
            BlockResult next = world.World.Run();
            int lost = heard.Receipts.Count(receipt => receipt.EffectiveReason == Reason.WitnessNotDrawn)
                + next.Receipts.Count(receipt => receipt.EffectiveReason == Reason.WitnessNotDrawn);
            Assert.Equal(3, lost);
            return [.. group.Witnesses.Select(witness => witness.Device)];
        }

        Address[] forwards = KeptOf(Enumerable.Range(1, Count)), backwards = KeptOf(Enumerable.Range(1, Count).Reverse());

        Assert.Equal(LedgerLimits.WitnessesMax, forwards.Length);
        Assert.Equal(forwards, backwards);
    }

    [Fact]
    public void Groups_ThatCloseTogether_AreJudgedSoManyABlock()
    {
        const int AtOnce = (int)LedgerLimits.ProofGroupsPerBlock, Count = AtOnce + 5;
        for (int i = 0; i < Count; i++)
            coverage.Place(i, i);
        coverage.NextSlot();
        World.Run([.. Enumerable.Range(0, Count).Select(i =>
            coverage.Sign(Radio(i), new RadioBeacon(coverage.SlotMs, FrequencyHz, RadioSecret.Commit(Secret(Radio(i))))))]);

        Assert.Equal((AtOnce, 5, 0), (coverage.Close().DueReceipts, World.Run().DueReceipts, World.Run().DueReceipts));
    }

    [Fact]
    public void Density_WhereManyStand_ScalesBeaconAndWitnesses()
    {
        CoverageWorld crowded = new(1, new JsonObject { ["level"] = 8, ["target"] = 1, ["maximum"] = 2, ["occupiedMin"] = 9 });
        crowded.Build(4); // within 3 km: all in one cell of 39 km
        crowded.NextSlot();
        Receipt beacon = crowded.Beacon(Radio(0));
        Receipt heard = crowded.Witness(Radio(1), Radio(0));
        crowded.EndArrival();
        crowded.Reveal(Radio(0));

        BlockResult block = crowded.Close();

        Assert.Equal(CoverageUnits.OfBeacon(1) / 4, FinalOf(block, beacon).Units);
        Assert.Equal(CoverageUnits.OfWitness(1) / 4, FinalOf(block, heard).Units);
    }

    [Fact]
    public void Device_ThatLeftBeforeItsBeaconWasJudged_GetsNothing()
    {
        coverage.Build(2);
        coverage.NextSlot();
        Receipt beacon = coverage.Beacon(Radio(0));
        Receipt heard = coverage.Witness(Radio(1), Radio(0));
        coverage.EndArrival();
        coverage.Reveal(Radio(0));
        EpochWork before = World.Work(Radio(0), Service).Work;
        World.RunOne(World.Sign(new WithdrawDevice(Radio(0).Address, Service), OwnerOf(0)));

        BlockResult block = coverage.Close();

        Assert.Equal(Reason.WrongService, FinalOf(block, beacon).Reason);
        Assert.False(FinalOf(block, beacon).Counts);
        Assert.Equal(Reason.None, FinalOf(block, heard).Reason);
        Assert.True(World.Work(Radio(0), Service).Work == before || World.Work(Radio(0), Service).Work.IsEmpty);
    }

    [Fact]
    public void RevokedWitness_WhenTheBeaconIsJudged_EarnsNothing()
    {
        coverage.Build(2);
        coverage.NextSlot();
        coverage.Beacon(Radio(0));
        Receipt heard = coverage.Witness(Radio(1), Radio(0));
        coverage.EndArrival();
        coverage.Reveal(Radio(0));
        Assert.Equal(Reason.None, World.RunOne(World.Sign(new RevokeDevices(Keys.Maker.Address, Radio(1).Address, 0), Keys.Maker)).Reason);

        Assert.Equal(Reason.RevokedSince, FinalOf(coverage.Close(), heard).Reason);
    }

    [Fact]
    public void Units_Tables_AreTheFormulas()
    {
        for (int w = 1; w <= LedgerLimits.WitnessesMax; w++)
        {
            double beacon = w < 4 ? w / 4.0 : 2 - Math.Pow(0.8, w - 4);
            double witness = w < 4 ? 1 : (4 - (1 - Math.Pow(0.8, w - 4))) / w;
            Assert.InRange(CoverageUnits.OfBeacon(w), (beacon * 1e6) - 2, (beacon * 1e6) + 2);
            Assert.InRange(CoverageUnits.OfWitness(w), (witness * 1e6) - 2, (witness * 1e6) + 2);
        }
        Assert.Equal(0UL, CoverageUnits.OfBeacon(0));
    }

    [Fact]
    public void CellCounts_AfterRandomMoves_AreThoseOfARecount()
    {
        Random random = new(5);
        for (int i = 0; i < 6; i++)
            coverage.Place(i, i);
        for (int step = 0; step < 120; step++)
        {
            int i = random.Next(6);
            World.NowMs += 700;
            Message message = random.Next(5) switch
            {
                0 => new WithdrawDevice(Radio(i).Address, Service),
                1 => new EnrollDevice(Radio(i).Address, Service),
                _ => new AssertLocation(Radio(i).Address, random.Next(451_000_000, 452_000_000), random.Next(57_000_000, 58_000_000), 0),
            };
            World.RunOne(World.Sign(message, OwnerOf(i)));
        }

        Dictionary<StateKey, uint> recount = [];
        foreach (DeviceRecord device in Enumerable.Range(0, 6).Select(i => World.Device(Radio(i)).Device).Where(device => device.In(Service) is not null))
        {
            foreach (int level in CoverageTerms.Levels)
            {
                StateKey key = StateKey.CellCount(Service, AppChain.Ledger.Location.Grid.CellOf(new(device.LatitudeE7, device.LongitudeE7), level).Id);
                recount[key] = recount.GetValueOrDefault(key) + 1;
            }
        }
        Dictionary<StateKey, uint> kept = World.State.Entries.Where(entry => entry.Key.Span[0] == (byte)StateKind.CellCount)
            .ToDictionary(entry => StateKey.From(entry.Key.Span), entry => CellCountRecord.Decode(entry.Value).Count);
        Assert.Equal(recount.OrderBy(entry => entry.Key), kept.OrderBy(entry => entry.Key));
        Assert.NotEmpty(kept);
    }
}
