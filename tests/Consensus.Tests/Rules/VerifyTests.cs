namespace AppChain.Consensus.Tests;

/// <summary>Rules 3 and 4.</summary>
public sealed class VerifyTests
{
    public static TheoryData<string> WrongHeaders =>
        ["height", "time", "parent hash", "chain id", "validators", "beacon", "beacon proof", "another's draw", "draw after another"];

    [Fact]
    public void Proposal_Right_IsCheckedThenNotarized()
    {
        var rig = new Rig().Started();
        var block = FirstBlock(rig);
        rig.Receive(Rig.Proposal(block), block.Header.Leader);
        Assert.Same(block, rig.Effect<Effect.Check>()!.Block);
        Assert.Empty(rig.VotesSent);

        rig.Do(new Input.Checked(block.View, block.Hash, CheckResult.Valid));
        Assert.Equal([VoteKind.Notarize], rig.VotesSent);
        Assert.IsType<Effect.Append>(rig.Effects[0]);
    }

    [Theory]
    [MemberData(nameof(WrongHeaders))]
    public void Proposal_WrongHeader_IsNullifiedAtOnceAndNeverChecked(string what)
    {
        var rig = new Rig().Started();
        var block = FirstBlock(rig, header => what switch
        {
            "height" => header with { Height = new Height(2) },
            "time" => header with { TimeMs = Rig.Genesis.TimeMs },
            "parent hash" => header with { ParentHash = Digest.Zero },
            "chain id" => header with { ChainId = ChainId.Parse("other") },
            "beacon" => header with { Beacon = Digest.Zero },
            "beacon proof" => header with { BeaconProof = default },
            "another's draw" => Drawn(header, 0, Rig.Genesis.Beacon),
            "draw after another" => Drawn(header, header.Leader, header.Beacon),
            _ => header with { ValidatorsHash = Digest.Zero },
        });
        rig.Receive(Rig.Proposal(block), block.Header.Leader);
        Assert.Null(rig.Effect<Effect.Check>());
        Assert.Equal([VoteKind.Nullify], rig.VotesSent);
    }

    [Fact]
    public void Proposal_OfAnotherEpochOrLeaderOrFarView_IsIgnored()
    {
        var rig = new Rig().Started();
        var view = rig.ViewNotLedBy(0);
        rig.SkipTo(view);
        var other = (ushort)(rig.Core.LeaderOf(view) == 1 ? 2 : 1);
        foreach (var block in new[]
        {
            rig.Block(view, change: header => header with { Epoch = new Epoch(1) }),
            rig.Block(view, change: header => header with { Leader = other }),
            rig.Block(rig.ViewNotLedBy(0, view.Value + 2)),
        })
        {
            rig.Receive(Rig.Proposal(block), block.Header.Leader);
            Assert.Empty(rig.Effects);
        }
    }

    [Fact]
    public void Proposal_ParentNotNotarizedHere_WaitsForCertificateAndBlock()
    {
        var rig = new Rig().Started();
        var parent = rig.Block(new View(1));
        var view = rig.ViewNotLedBy(0, from: 2);
        rig.SkipTo(view);
        var block = rig.Block(view, ChainPoint.Of(parent));
        rig.Receive(Rig.Proposal(block), block.Header.Leader);
        Assert.Null(rig.Effect<Effect.Check>());

        rig.Receive(Rig.Proof(Rig.Notarize(parent)));
        Assert.Contains(rig.Sent, message => message is Message.BlockRequest request && request.HeaderHash == parent.Hash);
        rig.Receive(new Message.BlockResponse(parent));
        Assert.Same(parent, rig.Effect<Effect.Obtain>()!.Block);
        Assert.Null(rig.Effect<Effect.Check>());
        rig.Do(new Input.Held(parent.View, parent.Hash));
        Assert.NotNull(rig.Effect<Effect.Check>());
    }

    [Fact]
    public void Proposal_ParentBelowTheFinalisedView_IsNullified()
    {
        var rig = new Rig().Started();
        var first = FirstBlock(rig);
        rig.Notarized(first);
        rig.Receive(Rig.Proof(Rig.Finalize(first)));
        var view = rig.ViewNotLedBy(0, first.View.Value + 1);
        rig.SkipTo(view);
        rig.Receive(Rig.Proposal(rig.Block(view)), rig.Core.LeaderOf(view));
        Assert.Equal([VoteKind.Nullify], rig.VotesSent);
    }

    [Fact]
    public void Check_ResultAfterNullify_BringsNoVote()
    {
        var rig = new Rig().Started();
        var block = FirstBlock(rig);
        rig.Receive(Rig.Proposal(block), block.Header.Leader);
        rig.TickAfter(Rig.Timeouts.AdvanceMs * 3);
        Assert.Contains(VoteKind.Nullify, rig.VotesSent);
        rig.Do(new Input.Checked(block.View, block.Hash, CheckResult.Valid));
        Assert.Empty(rig.VotesSent);
    }

    [Fact]
    public void Notarize_AfterLeaderEquivocated_NeverAndNullifiesAtOnce()
    {
        var rig = new Rig().Started();
        var block = FirstBlock(rig);
        rig.Receive(Rig.Proposal(block), block.Header.Leader);
        rig.Receive(Rig.Proposal(rig.Block(block.View, mark: 1)), block.Header.Leader);
        Assert.NotNull(rig.Effect<Effect.Report>());
        Assert.Equal([VoteKind.Nullify], rig.VotesSent);
        rig.Do(new Input.Checked(block.View, block.Hash, CheckResult.Valid));
        Assert.Empty(rig.VotesSent);
    }

    [Fact]
    public void Notarize_Restarted_IsNotRepeatedForAnotherBlock()
    {
        var rig = new Rig().Started();
        var block = FirstBlock(rig);
        rig.AcceptProposal(block);

        var again = new Rig(restartOf: rig).Started();
        Assert.Equal(block.View, again.Core.View);
        var other = again.Block(block.View, mark: 1);
        again.AcceptProposal(other);
        Assert.Empty(again.VotesSent);
    }

    static Block FirstBlock(Rig rig, Func<Header, Header>? change = null)
    {
        var view = rig.ViewNotLedBy(0);
        rig.SkipTo(view);
        return rig.Block(view, change: change);
    }

    [Fact]
    public void Block_WhoseLeaderEquivocatedBeforeARestart_IsNotFinalizedAfterIt()
    {
        var rig = new Rig().Started();
        var first = FirstBlock(rig);
        rig.AcceptProposal(first);
        rig.Receive(Rig.Ballot(first.Header.Leader, Rig.Notarize(rig.Block(first.View, mark: 1))), first.Header.Leader);
        Assert.NotNull(rig.Effect<Effect.Report>());

        var restarted = new Rig(restartOf: rig).Started();
        restarted.Receive(Rig.Proof(Rig.Notarize(first)));
        restarted.Receive(new Message.BlockResponse(first));
        restarted.Do(new Input.Held(first.View, first.Hash));
        Assert.Equal(first.View.Next, restarted.Core.View);
        Assert.DoesNotContain(VoteKind.Finalize, restarted.VotesSent);
    }

    static Header Drawn(Header header, ushort leader, Digest previous)
    {
        var draw = BeaconDraw.After(previous, new KeyedHashCrypto(leader));
        return header with { Beacon = draw.Beacon, BeaconProof = draw.Proof };
    }
}
