using AppChain.Crypto;
using AppChain.Ledger;
using static AppChain.Tests.Ledger.StakeWorld;
using Consensus = AppChain.Consensus;

namespace AppChain.Tests.Ledger;

/// <summary>Absence and contradiction: who is jailed, who is slashed, and who is not.</summary>
public sealed class JailAndSlashTests
{
    private readonly World world = Create(json =>
    {
        json["validators"]![0]!["power"] = 15;
        AddTwoValidators(json);
    });

    [Fact]
    public void Absence_AboveTheAllowedPart_JailsUntilUnjailed()
    {
        for (int i = 0; i < 3; i++)
            world.RunBlock(proposer: 0, missed: 1);
        Assert.True(world.Validator(V1).InGoodStanding);
        world.RunBlock(proposer: 0, missed: 1);
        Assert.Equal(ValidatorStanding.Jailed, world.Validator(V1).Standing);
        Assert.Equal(10 * Token, world.Validator(V1).Stake.Grains); // absence costs no stake
        world.TurnEpoch();
        Assert.Equal([15UL, 10UL, 10UL, 10UL], ValidatorsRecord.Get(world.State).Seats.Select(seat => seat.Power));

        Assert.Equal(Reason.StillJailed, world.Do(new Unjail(), V1));
        world.NowMs += JailMs;
        Assert.Equal(Reason.None, world.Do(new Unjail(), V1));
        world.TurnEpoch();
        Assert.Equal(5, ValidatorsRecord.Get(world.State).Seats.Length);
    }

    [Fact]
    public void Absence_WithinTheAllowedPart_StartsAnewWithEachWindow()
    {
        for (int window = 0; window < 5; window++)
        {
            for (int i = 0; i < 3; i++)
                world.RunBlock(proposer: 0, missed: 1);
            for (int i = 0; i < 7; i++)
                world.RunBlock(proposer: 1);
        }
        Assert.True(world.Validator(V1).InGoodStanding);
        Assert.Equal((35UL, 15UL), (world.Validator(V1).Led, world.Validator(V1).Absent));
    }

    [Fact]
    public void Absence_OfSoManyThatNoQuorumWouldStay_JailsNobodyMore()
    {
        for (int i = 0; i < 20; i++)
            world.RunBlock(proposer: 0, missed: [1, 2]);
        ValidatorStanding[] standings = [.. new[] { V0, V1, V2 }.Select(key => world.Validator(key).Standing)];
        Assert.Equal([ValidatorStanding.Good, ValidatorStanding.Jailed, ValidatorStanding.Good], standings);
    }

    [Fact]
    public void Absence_OfOneOfFour_JailsNobody()
    {
        World four = Create(json =>
        {
            AddTwoValidators(json);
            json["validators"]!.AsArray().RemoveAt(4);
        });
        for (int i = 0; i < 20; i++)
            four.RunBlock(proposer: 0, missed: 1);
        Assert.True(four.Validator(V1).InGoodStanding);
        Assert.Equal(20UL, four.Validator(V1).Absent); // it costs it its reward
    }

    [Fact]
    public void Evidence_SlashesJailsForGoodAndPaysTheReporter()
    {
        world.Do(new DelegateStake(V1.Address, new Amount(10 * Token)), Keys.Alice);
        Assert.Equal(Reason.None, world.Do(world.Contradiction(V1), Keys.Bob));

        // 5 % of 20 tokens, and 5 % of that to the reporter.
        Assert.Equal(19 * Token, world.Validator(V1).Stake.Grains);
        Assert.Equal(20 * Token, world.Balance(Keys.Bob)); // not at once: the stake may have voted, and shall not vote again
        Assert.Equal(Token - (Token / 20), LedgerQueries.Supply(world.State).Treasury.Grains);
        Assert.Equal(95 * Token / 10, world.Power(Keys.Alice).Grains);
        Assert.Equal(ValidatorStanding.Tombstoned, world.Validator(V1).Standing);
        world.TurnEpoch();
        Assert.Equal(4, ValidatorsRecord.Get(world.State).Seats.Length);

        Assert.Equal(Reason.ValidatorTombstoned, world.Do(world.Contradiction(V1), Keys.Bob)); // once
        Assert.Equal(Reason.ValidatorTombstoned, world.Do(new Unjail(), V1));
        Assert.Equal(Reason.ValidatorTombstoned, world.Do(new DelegateStake(V1.Address, new Amount(1)), Keys.Alice));
        Assert.Equal(Reason.None, world.Do(new UnbondStake(V1.Address, Amount.Zero), Keys.Alice));
        Assert.Equal(Reason.None, world.Do(new UnbondStake(V1.Address, Amount.Zero), V1));
        world.NowMs += UnbondingMs;
        world.Run();
        Assert.Equal((10 * Token) + (95 * Token / 10), world.Balance(Keys.Alice));
        Assert.Equal((20 * Token) + (Token / 20), world.Balance(Keys.Bob));
        Assert.DoesNotContain(V1.Address, ValidatorDirectory.Get(world.State).Validators);
        world.AssertConserved();
    }

    [Fact]
    public void Tombstoned_WhoTookEverythingOut_NeitherReturnsNorIsPunishedAgain()
    {
        SubmitEvidence evidence = world.Contradiction(V1);
        world.Do(evidence, Keys.Bob);
        world.Do(new UnbondStake(V1.Address, Amount.Zero), V1);
        world.NowMs += UnbondingMs - 20; // the evidence is still taken
        world.Run();
        world.NowMs += 20;
        world.Run();
        Assert.Equal(Amount.Zero, world.Validator(V1).Unbonding);

        BondStake again = new(new Amount(2 * Token), NewKey.PublicKey, ValidatorProfile.Empty);
        Assert.Equal(Reason.ValidatorTombstoned, world.Do(again, V1, NewKey));
        Assert.Equal(Reason.ValidatorTombstoned, world.Do(evidence, Keys.Bob));
    }

    [Fact]
    public void Evidence_StakeOnItsWayOut_AnswersForItsEpochOnly()
    {
        world.Do(new DelegateStake(V1.Address, new Amount(10 * Token)), Keys.Alice);
        world.Do(new DelegateStake(V1.Address, new Amount(10 * Token)), Keys.Bob);
        world.Do(new UnbondStake(V1.Address, Amount.Zero), Keys.Alice); // in epoch 0: the set of epoch 1 is without it
        world.TurnEpoch();
        world.Do(new UnbondStake(V1.Address, Amount.Zero), Keys.Bob);
        Assert.Equal(Reason.None, world.Do(world.Contradiction(V1, epoch: 1), V0));
        world.NowMs += UnbondingMs;
        world.Run();

        Assert.Equal(20 * Token, world.Balance(Keys.Alice));
        Assert.Equal((10 * Token) + (95 * Token / 10), world.Balance(Keys.Bob));
        world.AssertConserved();
    }

    [Fact]
    public void Evidence_OfAnEarlierOffence_ReachesStakeThatASelfReportWouldHaveSaved()
    {
        world.Do(new DelegateStake(V1.Address, new Amount(10 * Token)), Keys.Alice);
        world.TurnEpoch();
        world.Do(new UnbondStake(V1.Address, Amount.Zero), Keys.Alice); // in epoch 1
        world.TurnEpoch();
        Assert.Equal(Reason.None, world.Do(world.Contradiction(V1, epoch: 2), V0)); // of its own making, for the day after
        Assert.Equal(Reason.ValidatorTombstoned, world.Do(world.Contradiction(V1, epoch: 2), V0));
        Assert.Equal(Reason.None, world.Do(world.Contradiction(V1, epoch: 1), V0)); // what it had really done
        world.NowMs += UnbondingMs;
        world.Run();

        Assert.Equal((10 * Token) + (95 * Token / 10), world.Balance(Keys.Alice));
        world.AssertConserved();
    }

    [Fact]
    public void Evidence_OfAReplacedKey_CountsAgainstItsValidator()
    {
        world.Do(new UpdateValidator(new("v", "", 0), NewKey.PublicKey), V1, NewKey);
        world.TurnEpoch();
        Assert.Equal(Reason.None, world.Do(world.Contradiction(V1, epoch: 0), Keys.Bob));
        Assert.Equal(ValidatorStanding.Tombstoned, world.Validator(V1).Standing);
    }

    [Fact]
    public void Evidence_TooOldOrOfAnEpochToCome_IsRefused()
    {
        Assert.Equal(Reason.EvidenceOutOfTime, world.Do(world.Contradiction(V1, epoch: 1), Keys.Bob));
        world.TurnEpoch();
        Assert.Equal(0UL, ConsensusEpochRecord.Get(world.State).EvidenceFrom);
        world.NowMs += UnbondingMs;
        world.Run();
        Assert.Equal(Reason.EvidenceOutOfTime, world.Do(world.Contradiction(V1, epoch: 0), Keys.Bob));
    }

    [Fact]
    public void Evidence_OfNobodysKey_IsRefused() =>
        Assert.Equal(Reason.UnknownValidator, world.Do(world.Contradiction(NewKey), Keys.Bob));

    [Fact]
    public void Evidence_Signatures_AreAmongThoseThatMustVerify()
    {
        SubmitEvidence true_ = world.Contradiction(V1);
        Assert.True(Verifies(true_));
        byte[] forged = true_.Evidence.ToArray();
        forged[^1] ^= 1;
        Assert.False(Verifies(true_ with { Evidence = forged }));
        Assert.False(Verifies(true_ with { ConsensusKey = V2.PublicKey }));
    }

    [Fact]
    public void Evidence_ReadByTheLedger_ContradictsExactlyWhenConsensusSaysSo()
    {
        Random random = new(7);
        int contradictions = 0;
        for (int i = 0; i < 8_000; i++)
        {
            Consensus.Vote first = RandomVote(random), second = RandomVote(random);
            byte[] bytes = new Consensus.Evidence(first, second).Encode();
            if (random.Next(4) == 0)
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            bool theirs = Consensus.Evidence.TryDecode(bytes, out Consensus.Evidence decoded);
            EvidenceVotes ours = new(bytes);

            Assert.Equal(theirs, ours.Contradict);
            if (!theirs)
                continue;
            contradictions++;
            Assert.Equal(decoded.First.Body.Epoch.Value, ours.Epoch);
            Consensus.ChainId chain = Consensus.ChainId.Parse(world.Genesis.ChainId.Text);
            Assert.Equal(decoded.Second.Body.SigningDigest(chain).ToString(), ours.Signature(1, world.Genesis.ChainId, default).Digest.ToString());
        }
        Assert.True(contradictions > 200, $"only {contradictions} contradictions were tried");
    }

    private bool Verifies(SubmitEvidence message)
    {
        List<SignatureCheck> checks = [];
        world.Sign(message, Keys.Bob).CollectSignatures(checks);
        Assert.Equal(3, checks.Count);
        return checks.TrueForAll(check => SignatureVerifier.Verify(check.Scheme, check.PublicKey.Span, check.Digest, check.Signature.Span));
    }

    private static Consensus.Vote RandomVote(Random random)
    {
        byte[] hash = new byte[Consensus.Digest.Size];
        hash[0] = (byte)random.Next(2);
        Consensus.Epoch epoch = new((ulong)random.Next(2));
        Consensus.View view = new((ulong)random.Next(1, 3));
        Consensus.VoteKind kind = (Consensus.VoteKind)random.Next(1, 4);
        Consensus.VoteBody body = kind == Consensus.VoteKind.Nullify
            ? Consensus.VoteBody.Nullify(epoch, view)
            : new(kind, epoch, view, new Consensus.View((ulong)random.Next(2)), new Consensus.Digest(hash));
        return new Consensus.Vote(body, (ushort)random.Next(2), new byte[64]);
    }
}
