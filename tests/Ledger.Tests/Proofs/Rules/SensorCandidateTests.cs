using AppChain.Crypto;
using AppChain.Ledger;
using static AppChain.Tests.Ledger.Proofs.SensorWindowWorld;

namespace AppChain.Tests.Ledger.Proofs.Rules;

/// <summary>A candidate that compares neighbours, beside rules that pay every reading at once.</summary>
public class SensorCandidateTests
{
    private static readonly int[] Five = [0, 1, 2, 3, 4];

    private readonly SensorWindowWorld sensors = new();
    private readonly ServiceDefinition comparing;

    public SensorCandidateTests()
    {
        ServiceRecord service = ServiceRecord.Find(World.State, Service)!;
        comparing = service.Definition;
        Put(StateKey.Service(Service), service with { Definition = comparing with { KindParameters = default } });
        Put(StateKey.Shadow(Service), new ShadowRecord(1, 0, 0, ulong.MaxValue, 0, 0, comparing)); // as a replay begins
        foreach (int number in Five)
            sensors.Place(number);
        sensors.NextWindow();
    }

    private World World => sensors.World;

    [Fact]
    public void Window_UnderACandidate_IsScoredAndPublishedBesideWhatIsPaid()
    {
        sensors.Honestly(Five, windows: 4);
        Receipt[] first = sensors.ReadWindow(Five, (number, atMs) => number == 4 ? 25_000 : Honest(number, atMs)); // one is stuck

        BlockResult block = sensors.Close();

        Assert.All(first, receipt => Assert.Equal(
            (Reason.None, SensorReading.UnitsPerReading), (receipt.EffectiveReason, receipt.Verdict!.Value.Units)));
        Assert.All(first, receipt => Assert.Equal(Reason.AwaitsGroup, receipt.Shadow!.Value.Reason));
        foreach (int number in Five)
        {
            Hash256 id = Receipt.ShadowIdOf(first[number].TransactionId);
            Verdict said = block.Receipts.Single(receipt => receipt.TransactionId == id).Shadow!.Value;
            (Reason, ulong) expected = number == 4 ? (Reason.SensorStuck, 0) : (Reason.None, Slots * SensorReading.UnitsPerReading);
            Assert.Equal(expected, (said.Reason, said.Units));
            Assert.Equal(0U, sensors.Trust(number)); // nothing of it is in what is paid
            Assert.Equal(number == 4 ? 2U : 5U, UnderCandidate(number).Trust);
        }
        Assert.DoesNotContain(
            World.State.Entries,
            entry => (StateKind)entry.Key.Span[0] is StateKind.SensorSlots or StateKind.SensorRoster or StateKind.SensorPast);
        World.AssertConserved();
    }

    [Fact]
    public void Candidate_ThatIsSwitchedOn_GoesOnWithTheTrustThatItGave()
    {
        sensors.Honestly(Five, windows: 4);
        sensors.Close();
        Put(StateKey.PendingService(Service), new PendingServiceRecord(comparing));
        World.NowMs = sensors.StartMs + WindowMs; // many epochs later
        Receipt[] first = sensors.ReadWindow(Five);

        BlockResult block = sensors.Close();

        Assert.All(first, receipt => Assert.Equal(Reason.None, CoverageWorld.FinalOf(block, receipt).Reason));
        Assert.All(Five, number => Assert.Equal(SensorTrust.Paid + 1, sensors.Trust(number)));
    }

    private SensorState UnderCandidate(int number) => SensorState.Decode(World.Work(Sensor(number), Service).Shadow!.KindState);

    private void Put(StateKey key, StateRecord record) => World.State.Apply([new LedgerChange(key.Bytes.ToArray(), record.Encode())]);
}
