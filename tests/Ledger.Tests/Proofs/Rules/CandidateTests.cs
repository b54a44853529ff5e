using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Proofs.Rules;

/// <summary>A candidate for a service's rules: it judges beside them, in public, and pays nobody.</summary>
public class CandidateTests
{
    private readonly World world = GovernedWorld.Create();

    public CandidateTests() => world.Registered(Keys.Alice, Keys.Sensor);

    private ServiceDefinition Present => ServiceRecord.Find(world.State, 1)!.Definition;

    // Allows PM10 up to 20 µg/m³ only.
    private ServiceDefinition Stricter => Present with { Metrics = [Present.Metrics[0] with { Maximum = 20_000 }, Present.Metrics[1]] };

    [Fact]
    public void Candidate_WhileItRuns_JudgesInPublicAndPaysNothing()
    {
        Begin(Stricter, epochs: 5);
        EpochWork shadow = default(EpochWork) with { Epoch = Open };
        foreach (long value in (long[])[18_000, 19_000, 22_000])
        {
            Receipt receipt = Proof(value);
            Assert.Equal(Reason.None, receipt.EffectiveReason);
            Assert.Equal(value <= 20_000 ? Reason.None : Reason.OutOfBounds, receipt.Shadow!.Value.Reason);
            shadow = shadow.With(receipt.TransactionId, receipt.Shadow.Value);
        }
        Assert.Equal((3_000_000UL, 2_000_000UL), (world.Work(Keys.Sensor).Units, LedgerQueries.Service(world.State, 1)!.Shadow!.UnitsOf(Open)));

        MintRewards mint = Executor.MintDue(world.State, world.Genesis.TimeMs + ((Open + 1) * 5_000))!;
        Assert.Equal((3_000_000UL, 2_000_000UL), (mint.Pools[0].Shares.Units, mint.Pools[0].ShadowUnits));
        NextEpoch();
        Statement statement = Assert.Single(Proof(18_000).Statements);
        Assert.Equal((3_000_000UL, (EpochWork?)shadow), (statement.Work.Units, statement.Shadow));
        Assert.Equal(mint.Pools[0].Shares.Total, statement.Earned);
        Assert.Equal(mint.Pools[0].Shares.Total, mint.Pools[0].UnderCandidate(statement.Work, shadow.Units));
        world.AssertConserved();
    }

    [Fact]
    public void Candidate_ThatIsOver_JudgesNoMoreAndLeavesNothingInTheDevice()
    {
        Proof(18_000);
        ReadOnlyMemory<byte> never = Paid();
        Begin(Stricter, epochs: 1);
        Assert.NotNull(Proof(18_000).Shadow);
        Assert.NotNull(world.Work(Keys.Sensor).Shadow);
        NextEpoch();

        Receipt after = Proof(18_100);

        Assert.Null(after.Shadow);
        Assert.NotNull(Assert.Single(after.Statements).Shadow);
        Assert.Null(world.Work(Keys.Sensor).Shadow);
        Assert.Equal(never.Length, Paid().Length);
    }

    [Fact]
    public void Candidate_SwitchedOn_GoesOnFromWhatItRemembers()
    {
        Begin(Stricter, epochs: 20);
        Proof(18_000);
        Proof(22_000); // kept as a reference by the paid rules, out of bounds for the candidate
        ReadOnlyMemory<byte> remembered = world.Work(Keys.Sensor).Shadow!.KindState;
        Assert.NotEqual(remembered.ToArray(), world.Work(Keys.Sensor).KindState.ToArray());

        world.Decided(new SetServiceRules(1, Stricter));
        NextEpoch();
        Assert.Equal(Stricter, Present);
        Receipt after = Proof(18_200);

        Assert.Equal((Reason.None, null), (after.EffectiveReason, after.Shadow));
        Assert.Equal([new Measurement(1, 18_000)], SensorState.Decode(remembered).LastReading[..1].ToArray());
        Assert.Null(world.Work(Keys.Sensor).Shadow);
        Assert.Equal((1u, null), (ShadowRecord.Find(world.State, 1)!.Adopted, ShadowRecord.Find(world.State, 1)!.Candidate));
        Begin(Stricter, epochs: 1); // the place is free again
        Assert.Equal((2u, 1u), (ShadowRecord.Find(world.State, 1)!.Number, ShadowRecord.Find(world.State, 1)!.Adopted));
    }

    [Fact]
    public void Candidate_NotSwitchedOn_LeavesThePaidMemoryAsItIs()
    {
        Begin(Stricter, epochs: 20);
        Proof(18_000);
        Proof(22_000);
        Assert.Equal(ProposalStatus.Executed, world.Decided(new SetCandidateRules(1, null, 0)).Status);
        NextEpoch();
        byte[] paid = world.Work(Keys.Sensor).KindState.ToArray();

        Receipt after = Proof(19_000); // a jump of 3 from 22, within the paid rules

        Assert.Equal((Reason.None, null), (after.EffectiveReason, after.Shadow));
        Assert.Equal(22_000, SensorState.Decode(paid).LastReading[0].Value);
    }

    [Fact]
    public void Propose_WhatNoCandidateCanBe_IsRefused()
    {
        void Expect(Reason expected, SetCandidateRules action) => world.Expect(expected, new Propose("A candidate", action), Keys.Alice);

        Expect(Reason.UnknownService, new SetCandidateRules(9, Stricter, 1));
        Expect(Reason.NoCandidate, new SetCandidateRules(1, null, 0));
        world.ExpectRefused(Reason.CandidateEpochsWrong, new Propose("A candidate", new SetCandidateRules(1, Stricter, 0)), Keys.Alice);
        world.ExpectRefused(Reason.CandidateEpochsWrong, new Propose("A candidate", new SetCandidateRules(1, null, 1)), Keys.Alice);
        world.ExpectRefused(Reason.CandidateEpochsWrong, new Propose("A candidate", new SetCandidateRules(1, Stricter, 1_001)), Keys.Alice);
        world.ExpectRefused(Reason.ServiceOutOfBounds, new Propose("A candidate", new SetCandidateRules(1, Stricter with { Name = "" }, 1)), Keys.Alice);
        Begin(Stricter, epochs: 100);
        Expect(Reason.CandidateRuns, new SetCandidateRules(1, Stricter, 1));
    }

    /// <summary>The same random life on two chains, of which one has candidates: nothing differs but what the candidates keep for themselves.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RandomBlocks_WithAndWithoutCandidates_LeaveTheSameStateButForThese(int seed)
    {
        RandomLedger ledger = new(seed);
        World plain = ledger.World;
        DictionaryState shadowed = new();
        shadowed.Apply(plain.Genesis.InitialState());
        foreach (uint service in (uint[])[1, 2])
        {
            ServiceDefinition definition = ServiceRecord.Find(shadowed, service)!.Definition;
            ServiceDefinition candidate = definition with { Metrics = [definition.Metrics[0] with { Maximum = 12_000 }, definition.Metrics[1]], IntervalMinMs = 400 };
            shadowed.Apply([new LedgerChange(StateKey.Shadow(service).Bytes.ToArray(), new ShadowRecord(1, 0, 0, ulong.MaxValue, 0, 0, candidate).Encode())]);
        }
        Random random = new(seed);
        int published = 0;
        for (int block = 0; block < 150; block++)
        {
            plain.NowMs += (ulong)random.Next(3_000);
            List<Transaction> transactions = ledger.NextTransactions(random.Next(15));
            BlockContext context = plain.Context;
            BlockResult result = Executor.Execute(shadowed, context, Executor.MintDue(shadowed, context.TimeMs)?.EncodeBody(), transactions);
            shadowed.Apply(result.Changes);
            BlockResult without = plain.Run(transactions);

            Assert.Equal(without.Receipts.Select(Told), result.Receipts.Select(Told));
            Assert.Equal(Own(plain.State), Own(shadowed));
            published += result.Receipts.Count(receipt => receipt.Shadow is not null);
        }
        Assert.True(published > 20, $"only {published} verdicts of candidates");
        Assert.True(SupplyAudit.Of(shadowed.Entries).Conserved);
    }

    private static (Reason, Verdict?) Told(Receipt receipt) => (receipt.Reason, receipt.Verdict);

    // A state without what candidates keep: their own records, and their part in enrolments and open batches.
    private static List<(string, string)> Own(DictionaryState state)
    {
        List<(string, string)> kept = [];
        foreach ((ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value) in state.Entries)
        {
            byte[] bytes = value.ToArray();
            switch ((StateKind)key.Span[0])
            {
                case StateKind.Shadow or StateKind.ShadowedRecord:
                    continue;
                case StateKind.Device:
                    DeviceRecord device = DeviceRecord.Decode(value);
                    bytes = (device with { Enrollments = [.. device.Enrollments.Select(enrollment => enrollment with { Shadow = null })] }).Encode();
                    break;
                case StateKind.ProofBatch:
                    bytes = (ProofBatchRecord.Decode(value) with { Candidate = 0, Shadow = BatchTally.Nothing }).Encode();
                    break;
            }
            kept.Add((Convert.ToHexString(key.Span), Convert.ToHexString(bytes)));
        }
        return kept;
    }

    private ulong Open => LedgerQueries.Supply(world.State).Epochs.Open;

    private ReadOnlyMemory<byte> Paid() => DeviceRecord.Find(world.State, Keys.Sensor.Address)!.Encode();

    private Receipt Proof(long value)
    {
        world.NowMs += 200;
        return world.RunOne(world.Proof(Keys.Sensor, value));
    }

    private void NextEpoch()
    {
        world.NowMs = world.Genesis.TimeMs + ((Open + 1) * 5_000);
        world.Run();
    }

    private void Begin(ServiceDefinition candidate, uint epochs)
    {
        ProposalRecord proposal = world.Decided(new SetCandidateRules(1, candidate, epochs));
        Assert.Equal(ProposalStatus.Executed, proposal.Status);
        Assert.Null(Proof(18_000).Shadow); // from the next epoch on
        NextEpoch();
    }
}
