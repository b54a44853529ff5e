using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Proofs.Rules;

/// <summary>A candidate for the rules of a kind that judges groups: it has groups of its own, and a queue of its own.</summary>
public class CoverageCandidateTests
{
    private readonly CoverageWorld coverage = new();

    public CoverageCandidateTests()
    {
        coverage.Build(6);
        ServiceDefinition definition = ServiceRecord.Find(World.State, CoverageWorld.Service)!.Definition;
        // A weaker transmitter: what is heard as loud as the tests' radios hear would be too strong.
        CoverageTerms terms = CoverageTerms.Decode(definition.KindParameters) with { EirpMaxCentiDbm = 0, GainMaxCentiDb = 0 };
        Candidate(definition with { KindParameters = terms.Encode() });
    }

    private World World => coverage.World;

    [Fact]
    public void Group_UnderACandidate_IsJudgedByBothAndPaidByOne()
    {
        (BlockResult block, Receipt beacon, Receipt[] witnesses) = Group();

        Assert.Equal((Reason.None, 1_000_000UL), (CoverageWorld.FinalOf(block, beacon).Reason, CoverageWorld.FinalOf(block, beacon).Units));
        Verdict shadow = ShadowOf(block, beacon);
        Assert.Equal((Reason.NotWitnessed, 0UL), (shadow.Reason, shadow.Units));
        Assert.All(witnesses, witness => Assert.Equal((Reason.None, Reason.TooStrong), (CoverageWorld.FinalOf(block, witness).Reason, ShadowOf(block, witness).Reason)));
        Assert.DoesNotContain(World.State.Entries, entry => (StateKind)entry.Key.Span[0] is StateKind.CoverageGroup or StateKind.ShadowedRecord);
        World.AssertConserved();
    }

    [Fact]
    public void Group_WhoseCandidateHasGone_IsClearedAwayUnjudged()
    {
        coverage.NextSlot();
        Receipt beacon = coverage.Beacon(CoverageWorld.Radio(0));
        Assert.Contains(World.State.Entries, entry => (StateKind)entry.Key.Span[0] == StateKind.ShadowedRecord);
        ShadowRecord record = ShadowRecord.Find(World.State, CoverageWorld.Service)!;
        Put(record with { Candidate = null });

        BlockResult block = coverage.Close();

        Assert.DoesNotContain(block.Receipts, receipt => receipt.TransactionId == Receipt.ShadowIdOf(beacon.TransactionId));
        Assert.DoesNotContain(World.State.Entries, entry => (StateKind)entry.Key.Span[0] == StateKind.ShadowedRecord);
    }

    private (BlockResult Block, Receipt Beacon, Receipt[] Witnesses) Group()
    {
        coverage.NextSlot();
        Receipt beacon = coverage.Beacon(CoverageWorld.Radio(0));
        Receipt[] witnesses = [.. Enumerable.Range(1, 4).Select(i => coverage.Witness(CoverageWorld.Radio(i), CoverageWorld.Radio(0), rssi: -9_000))];
        coverage.EndArrival();
        Receipt reveal = coverage.Reveal(CoverageWorld.Radio(0));
        Assert.Equal((Reason.None, Reason.None), (reveal.EffectiveReason, reveal.Shadow!.Value.Reason));
        return (coverage.Close(), beacon, witnesses);
    }

    private static Verdict ShadowOf(BlockResult block, Receipt proof)
    {
        Assert.Equal(Reason.AwaitsGroup, proof.Shadow!.Value.Reason);
        return block.Receipts.Single(receipt => receipt.TransactionId == Receipt.ShadowIdOf(proof.TransactionId)).Shadow!.Value;
    }

    private void Candidate(ServiceDefinition definition) => Put(new ShadowRecord(1, 0, 0, ulong.MaxValue, 0, 0, definition));

    private void Put(ShadowRecord record) => World.State.Apply([new LedgerChange(StateKey.Shadow(CoverageWorld.Service).Bytes.ToArray(), record.Encode())]);
}
