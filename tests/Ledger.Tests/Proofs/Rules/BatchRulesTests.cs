using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Proofs.Rules;

/// <summary>A batch that is open when the service's rules change is judged by those under which it came, or closed without blame.</summary>
public class BatchRulesTests
{
    private const ulong AnswerMs = 60_000;

    private readonly World world;
    private readonly BatchWorld batches;

    public BatchRulesTests()
    {
        JsonObject json = TestGenesis.Json();
        json["parameters"]!["batchDraws"] = 10;
        json["parameters"]!["batchAnswerMs"] = AnswerMs;
        json["parameters"]!["batchDecay"] = 0;
        world = new World(json);
        world.Registered(Keys.Alice, Keys.Sensor);
        world.NowMs += 300_000;
        world.Run();
        batches = new BatchWorld(world, Keys.Sensor);
    }

    private static ReadOnlyMemory<byte> Neighbours { get; } =
        new NeighbourTerms(10, [new NeighbourMetric(1, 3_000, 2_000, 400_000, 1_500_000, 100_000)]).Encode();

    private ServiceDefinition Present => ServiceRecord.Find(world.State, 1)!.Definition;

    [Fact]
    public void Batch_OpenedUnderRulesThatTakeNone_IsJudgedByItsOwn()
    {
        List<SubmitProof> kept = Sent(100);
        Switch(Present with { KindParameters = Neighbours });

        Receipt[] receipts = [.. batches.Openings(kept).Select(world.RunOne)];

        Assert.Equal((Reason.None, 100 * SensorReading.UnitsPerReading), (receipts[^1].EffectiveReason, receipts[^1].Verdict!.Value.Units));
        Assert.DoesNotContain(world.State.Entries, entry => (StateKind)entry.Key.Span[0] is StateKind.SensorSlots or StateKind.SensorRoster);
        Assert.Equal(0, world.Work(Keys.Sensor).BatchDistrust);
        world.Expect(Reason.KindTakesNoBatches, batches.Batch(kept), Keys.Sensor);
    }

    [Fact]
    public void Batch_OpenedUnderOtherMetrics_IsNotCalledFalse()
    {
        List<SubmitProof> kept = Sent(100);
        Switch(Present with { Metrics = [Present.Metrics[0]] });

        Receipt[] receipts = [.. batches.Openings(kept).Select(world.RunOne)];

        Assert.Equal(Reason.None, receipts[^1].EffectiveReason);
    }

    [Fact]
    public void Batch_ThatOutlivesTwoChanges_IsClosedWithoutBlame()
    {
        List<SubmitProof> kept = Sent(100);
        Switch(Present with { Endpoint = "https://first.example/" });
        Switch(Present with { Endpoint = "https://second.example/" });

        Receipt closed = world.RunOne(batches.Openings(kept).First());

        Assert.Equal((Reason.BatchOutlivesRules, 0UL), (closed.EffectiveReason, closed.Verdict!.Value.Units));
        Assert.Null(batches.Open);
        Assert.Equal(0, world.Work(Keys.Sensor).BatchDistrust);
        world.AssertConserved();
    }

    [Fact]
    public void Batch_ThatOutlivesTwoChanges_IsNotBlamedAtItsDeadline()
    {
        Sent(100);
        Switch(Present with { Endpoint = "https://first.example/" });
        Switch(Present with { Endpoint = "https://second.example/" });
        world.NowMs += AnswerMs;

        Assert.Contains(world.Run().Receipts, receipt => receipt.EffectiveReason == Reason.BatchOutlivesRules);
        Assert.Equal(0, world.Work(Keys.Sensor).BatchDistrust);
    }

    private List<SubmitProof> Sent(int count)
    {
        List<SubmitProof> kept = batches.Kept(count);
        Assert.Equal(Reason.AwaitsOpenings, batches.Send(kept).EffectiveReason);
        world.NowMs++;
        world.Run();
        Assert.NotEmpty(batches.Open!.Drawn());
        return kept;
    }

    // As a vote or the owner does, with the end of the reward epoch.
    private void Switch(ServiceDefinition definition)
    {
        world.State.Apply([new LedgerChange(StateKey.PendingService(1).Bytes.ToArray(), new PendingServiceRecord(definition).Encode())]);
        world.NextEpoch();
        Assert.Equal(definition, Present);
    }
}
