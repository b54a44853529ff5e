using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Proofs.Rules;

/// <summary>Batches of proofs that a device has kept: paid for what the drawn leaves show, or lost.</summary>
public class BatchTests
{
    private const ulong Draws = 40;
    private const ulong AnswerMs = 5_000;

    private readonly World world;
    private readonly BatchWorld batches;

    public BatchTests()
    {
        world = new World(Json(decay: 0));
        world.Registered(Keys.Alice, Keys.Sensor);
        world.NowMs += 300_000;
        world.Run();
        batches = new BatchWorld(world, Keys.Sensor);
    }

    [Fact]
    public void Batch_OpenedInFull_EarnsForAllOfItsProofs()
    {
        List<SubmitProof> kept = batches.Kept(1_000);
        Assert.Equal(Reason.AwaitsOpenings, batches.Send(kept).EffectiveReason);
        Assert.Empty(batches.Open!.Drawn());
        world.Run();
        Assert.Equal(Draws, (ulong)batches.Open!.Drawn().Length);

        Receipt[] receipts = [.. batches.Openings(kept).Select(world.RunOne)];

        Assert.All(receipts[..^1], receipt => Assert.Equal(Reason.AwaitsOpenings, receipt.EffectiveReason));
        Assert.Equal((Reason.None, 1_000 * SensorReading.UnitsPerReading), (receipts[^1].EffectiveReason, receipts[^1].Verdict!.Value.Units));
        Assert.Null(batches.Open);
        Enrollment work = world.Work(Keys.Sensor);
        Assert.Equal((1u, 0u, 1_000 * SensorReading.UnitsPerReading), (work.Work.Accepted, work.Work.Rejected, work.Units));
        Assert.Equal(work.Units, LedgerQueries.Service(world.State, 1)!.EpochUnits);
        world.NextEpoch();
        world.AssertConserved();
    }

    [Fact]
    public void Batch_WithLeavesThatTheRulesRefuse_EarnsTheShareOfTheOthers()
    {
        // Every second reading is impossible: it earns nothing, and is no lie.
        Receipt verdict = batches.Settle(batches.Kept(20, i => i % 2 == 0 ? 10_000 + i : 999_999));

        Assert.Equal((Reason.None, 10 * SensorReading.UnitsPerReading), (verdict.EffectiveReason, verdict.Verdict!.Value.Units));
        Assert.Equal(Reason.NoLeafAccepted, batches.Settle(Later(() => batches.Kept(20, _ => 999_999))).EffectiveReason);
        Assert.Equal(0, world.Work(Keys.Sensor).BatchDistrust);
    }

    [Fact]
    public void Batch_WithAFalseLeafThatIsDrawn_IsLostAndCountsAgainstTheNextUntilMadeGood()
    {
        List<SubmitProof> kept = batches.Kept(30);
        kept[17] = batches.Reading(kept[3].ObservedMs, 10_000); // another moment than its place's

        Assert.Equal((Reason.LeafFalse, 0UL), Verdict(batches.Settle(kept)));
        Assert.Null(batches.Open);
        Assert.Equal((1, 0UL), (world.Work(Keys.Sensor).BatchDistrust, world.Work(Keys.Sensor).Units));
        Assert.Equal((Reason.None, 15 * SensorReading.UnitsPerReading), Verdict(batches.Settle(Later(() => batches.Kept(30)))));
        Assert.Equal((Reason.None, 30 * SensorReading.UnitsPerReading), Verdict(batches.Settle(Later(() => batches.Kept(30)))));
    }

    [Fact]
    public void Batch_NotOpenedInTime_IsLost()
    {
        Receipt sent = batches.Send(batches.Kept(100));
        world.Run();
        world.NowMs += AnswerMs;

        BlockResult block = world.Run();

        Receipt lost = block.Receipts.Single(receipt => receipt.TransactionId == Receipt.FinalIdOf(sent.TransactionId));
        Assert.Equal(Reason.BatchNotOpened, lost.EffectiveReason);
        Assert.Null(batches.Open);
        Assert.Equal((1, 1u), (world.Work(Keys.Sensor).BatchDistrust, world.Work(Keys.Sensor).Work.Rejected));
    }

    [Fact]
    public void Batch_ThatWasOpened_IsNotLostAtItsDeadline()
    {
        Receipt verdict = batches.Settle(batches.Kept(50));
        world.NowMs += AnswerMs;
        Assert.DoesNotContain(world.Run().Receipts, receipt => receipt.EffectiveReason == Reason.BatchNotOpened);
        Assert.Equal((Reason.None, 0), (verdict.EffectiveReason, world.Work(Keys.Sensor).BatchDistrust));
    }

    [Fact]
    public void Opening_OfOtherLeavesOrPathsOrTooSoon_IsRefusedAndChangesNothing()
    {
        List<SubmitProof> kept = batches.Kept(200);
        world.Expect(Reason.NoOpenBatch, new OpenProofs(1, new OpenedLeaf(new byte[] { 1 }, [])), Keys.Sensor);
        batches.Send(kept);
        // In the same block nobody knows the beacon that will draw; a transaction of its own is in the next one, which draws first.
        Assert.Equal(Reason.BatchNotDrawn, new OpenProofs(1, new OpenedLeaf(new byte[] { 1 }, [])).Admit(world.State, Keys.Sensor.Address));
        world.Run();
        Transaction[] openings = [.. batches.Openings(kept)];

        OpenProofs second = (OpenProofs)openings[1].Body.Message;
        world.Expect(Reason.LeafNotDrawn, second, Keys.Sensor);
        OpenedLeaf changed = ((OpenProofs)openings[0].Body.Message).Leaves[0];
        byte[] bytes = changed.Proof.ToArray();
        bytes[^1] ^= 1;
        world.Expect(Reason.LeafNotDrawn, new OpenProofs(1, changed with { Proof = bytes }), Keys.Sensor);
        world.Expect(Reason.LeafNotDrawn, new OpenProofs(1, changed with { Path = changed.Path[..^1] }), Keys.Sensor);
        Assert.Equal(0u, batches.Open!.Opened);
    }

    [Fact]
    public void Time_ThatABatchHasClaimed_IsPaidOnceOnly()
    {
        List<SubmitProof> kept = batches.Kept(50);
        batches.Settle(kept);

        Assert.Equal(Reason.OutOfOrder, world.RunOne(world.Proof(Keys.Sensor, 10_000, observedMs: kept[20].ObservedMs + 1)).EffectiveReason);
        world.Expect(Reason.BatchNotAfterLast, batches.Batch(kept[40..]), Keys.Sensor);
        world.NowMs += 200;
        ulong single = world.NowMs;
        Assert.Equal(Reason.None, world.RunOne(world.Proof(Keys.Sensor, 10_000)).EffectiveReason);
        world.NowMs += 5_000;
        world.Run();
        world.Expect(Reason.BatchNotAfterLast, batches.Batch([batches.Reading(single, 1), .. batches.Kept(2)]), Keys.Sensor);
        Assert.Equal(51 * SensorReading.UnitsPerReading, world.Work(Keys.Sensor).Units);
    }

    [Fact]
    public void Batch_ThatClaimsWhatCannotBe_EarnsNothing()
    {
        List<SubmitProof> kept = batches.Kept(50);
        SubmitProofBatch batch = batches.Batch(kept);
        ulong ageMax = ParametersRecord.Get(world.State)[Parameter.BatchAgeMaxMs];
        Assert.Equal(Reason.TooSoon, world.RunOne(world.Sign(batch with { Count = 51 }, Keys.Sensor)).EffectiveReason);
        Assert.Equal(Reason.FromTheFuture, world.RunOne(world.Sign(batch with { LastMs = world.NowMs + 2_001 }, Keys.Sensor)).EffectiveReason);
        Assert.Equal(Reason.BatchTooLong, world.RunOne(world.Sign(batch with { Count = 2_001 }, Keys.Sensor)).EffectiveReason);
        world.NowMs += ageMax;
        Assert.Equal(Reason.TooOld, world.RunOne(world.Sign(batch, Keys.Sensor)).EffectiveReason);
        Assert.Null(batches.Open);
        world.ExpectRefused(Reason.BatchOutOfBounds, batch with { Count = 0 }, Keys.Sensor);
        world.ExpectRefused(Reason.BatchOutOfBounds, batch with { LastMs = batch.FirstMs }, Keys.Sensor);
        world.ExpectRefused(Reason.BatchOutOfBounds, batch with { Count = 1 }, Keys.Sensor);
        world.ExpectRefused(Reason.BatchOutOfBounds, new OpenProofs(1), Keys.Sensor);
        world.Expect(Reason.NotEnrolled, batch with { Service = 2 }, Keys.Sensor);
        world.Expect(Reason.UnknownService, batch with { Service = 9 }, Keys.Sensor);
    }

    [Fact]
    public void SecondBatch_WhileOneIsOpen_IsRefused()
    {
        batches.Send(batches.Kept(20));
        List<SubmitProof> next = Later(() => batches.Kept(5));
        world.Run();
        world.Expect(Reason.BatchStillOpen, batches.Batch(next), Keys.Sensor);
    }

    [Fact]
    public void Decay_TakesItsShareForEachHourOfLateness()
    {
        World late = new(Json(decay: 100_000));
        late.Registered(Keys.Alice, Keys.Sensor);
        late.NowMs += 20_000;
        BatchWorld kept = new(late, Keys.Sensor);
        List<SubmitProof> proofs = kept.Kept(101); // their middle is 5 s before the last
        late.NowMs += (2 * 3_600_000) - 5_000;

        Assert.Equal((Reason.None, 101 * SensorReading.UnitsPerReading * 8 / 10), Verdict(kept.Settle(proofs)));
    }

    [Fact]
    public void Batch_UnderACandidate_IsJudgedByBothAndPaidByOne()
    {
        ServiceDefinition definition = ServiceRecord.Find(world.State, 1)!.Definition;
        ServiceDefinition stricter = definition with { Metrics = [definition.Metrics[0] with { Maximum = 10_500 }, definition.Metrics[1]] };
        world.State.Apply([new LedgerChange(StateKey.Shadow(1).Bytes.ToArray(), new ShadowRecord(1, 0, 0, ulong.MaxValue, 0, 0, stricter).Encode())]);

        Receipt receipt = batches.Settle(batches.Kept(40, i => i % 2 == 0 ? 10_000 + i : 11_000 + i));

        Assert.Equal((Reason.None, 40 * SensorReading.UnitsPerReading), Verdict(receipt));
        Assert.Equal((Reason.None, 20 * SensorReading.UnitsPerReading), (receipt.Shadow!.Value.Reason, receipt.Shadow.Value.Units));
        Assert.Equal(20 * SensorReading.UnitsPerReading, ShadowRecord.Find(world.State, 1)!.Units);
    }

    [Fact]
    public void DeviceThatLeaves_WithAnOpenBatch_EarnsNothingFromIt()
    {
        List<SubmitProof> kept = batches.Kept(50);
        Receipt sent = batches.Send(kept);
        world.Run();
        Transaction opening = batches.Openings(kept).First();
        world.RunOne(world.Sign(new WithdrawDevice(Keys.Sensor.Address, 1), Keys.Alice));

        Assert.Equal(Reason.NoOpenBatch, world.RunOne(opening).Reason);
        world.NowMs += AnswerMs;
        Assert.Contains(world.Run().Receipts, receipt => receipt.TransactionId == Receipt.FinalIdOf(sent.TransactionId) && receipt.EffectiveReason == Reason.WrongService);
        Assert.Null(batches.Open);
        world.AssertConserved();
    }

    /// <summary>Whatever the readings: a batch of which all leaves are drawn earns no more than its proofs would have earned one by one.</summary>
    [Fact]
    public void RandomReadings_InABatch_NeverEarnMoreThanOneByOne()
    {
        Random random = new(7);
        for (int round = 0; round < 25; round++)
        {
            long level = 15_000;
            List<long> values = [.. Enumerable.Range(0, random.Next(2, (int)Draws)).Select(_ => level = random.Next(5) switch
            {
                0 => 999_999,
                1 => level,
                _ => Math.Clamp(level, 0, 30_000) + random.Next(-6_000, 6_000),
            })];
            World single = Fresh(), batched = Fresh();
            BatchWorld batch = new(batched, Keys.Sensor);
            List<SubmitProof> kept = batch.Kept(values.Count, i => values[i]);
            foreach (SubmitProof proof in kept)
                single.RunOne(single.Sign(proof, Keys.Sensor));

            batch.Settle(kept);

            Assert.True(batched.Work(Keys.Sensor).Units <= single.Work(Keys.Sensor).Units, $"round {round}: {batched.Work(Keys.Sensor).Units} > {single.Work(Keys.Sensor).Units}");
            batched.AssertConserved();
        }
    }

    /// <summary>A lie of one leaf in twenty, with 90 draws: the page says that 1 in 101 comes through at most; of 200 that is 2, and never 10.</summary>
    [Fact]
    public void Draws_OfALieOfOneInTwenty_FindIt()
    {
        int through = 0;
        for (int batch = 0; batch < 200; batch++)
        {
            HashSet<uint> drawn = [.. BatchDraw.Of(Hashing.Sha256(BitConverter.GetBytes(batch)), Hashing.Sha256([1]), 2_000, 90)];
            Assert.Equal(90, drawn.Count);
            Assert.All(drawn, place => Assert.InRange(place, 0u, 1_999u));
            through += drawn.Any(place => place % 20 == 7) ? 0 : 1;
        }
        Assert.InRange(through, 0, 9);
        Assert.Equal(Enumerable.Range(0, 30).Select(i => (uint)i), BatchDraw.Of(Hashing.Sha256([2]), Hashing.Sha256([1]), 30, 90));
    }

    private static World Fresh()
    {
        World fresh = new(Json(decay: 0));
        fresh.Registered(Keys.Alice, Keys.Sensor);
        fresh.NowMs += 8_000; // within the first reward epoch
        return fresh;
    }

    private static JsonObject Json(ulong decay)
    {
        JsonObject json = TestGenesis.Json();
        JsonNode parameters = json["parameters"]!;
        parameters["batchDraws"] = Draws;
        parameters["batchAnswerMs"] = AnswerMs;
        parameters["batchDecay"] = decay;
        parameters["batchProofsMax"] = 2_000;
        return json;
    }

    private static (Reason, ulong) Verdict(Receipt receipt) => (receipt.EffectiveReason, receipt.Verdict!.Value.Units);

    private List<SubmitProof> Later(Func<List<SubmitProof>> keep)
    {
        world.NowMs += 10_000;
        return keep();
    }
}
