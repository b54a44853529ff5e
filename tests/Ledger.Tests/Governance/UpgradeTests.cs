using AppChain.Ledger;
using static AppChain.Tests.Ledger.GovernedWorld;

namespace AppChain.Tests.Ledger;

/// <summary>Plans of upgrades: who needs which version from which height on.</summary>
public class UpgradeTests
{
    [Fact]
    public void Chain_WithoutAPlan_FollowsTheFirstRules() => Assert.Equal(1u, ProtocolVersion.NeededAt(Create().State, ulong.MaxValue));

    [Fact]
    public void Plan_FromItsHeightOn_NeedsItsVersion()
    {
        World world = Create();
        ulong height = world.Height + 20;
        Assert.Equal(ProposalStatus.Executed, world.Decided(new PlanUpgrade(height, 3)).Status);

        Assert.Equal(1u, ProtocolVersion.NeededAt(world.State, height - 1));
        Assert.Equal(3u, ProtocolVersion.NeededAt(world.State, height));
        while (world.Height < height)
            world.Run();
        Assert.Equal(new ProtocolRecord(3, null), ProtocolRecord.Get(world.State));
        Assert.Equal(3u, ProtocolVersion.NeededAt(world.State, 1)); // there is no way back
    }

    [Fact]
    public void Plan_Cancelled_NeedsNothing()
    {
        World world = Create();
        world.Decided(new PlanUpgrade(1_000, 2));
        Assert.Equal(ProposalStatus.Executed, world.Decided(new CancelUpgrade()).Status);

        Assert.Equal(1u, ProtocolVersion.NeededAt(world.State, 1_000));
    }

    [Fact]
    public void Plan_ReplacedByAnother_IsGone()
    {
        World world = Create();
        world.Decided(new PlanUpgrade(1_000, 2));
        world.Decided(new PlanUpgrade(2_000, 2));

        Assert.Equal(new UpgradePlan(2_000, 2), ProtocolRecord.Get(world.State).Plan);
    }

    [Fact]
    public void Propose_UpgradesThatCannotBe_AreRefused()
    {
        World world = Create();

        Assert.Equal(Reason.UpgradeNotNewer, Proposed(world, new PlanUpgrade(1_000, 1)));
        Assert.Equal(Reason.NoUpgradePlanned, Proposed(world, new CancelUpgrade()));
        Assert.Equal(Reason.UpgradeTooSoon, Proposed(world, new PlanUpgrade(1, 2)));
        Assert.Equal(Reason.UpgradeTooSoon, Proposed(world, new PlanUpgrade(world.Height + NoticeBlocks, 2)));
        Assert.Equal(Reason.None, Proposed(world, new PlanUpgrade(world.Height + 1 + NoticeBlocks, 2)));
    }

    [Fact]
    public void Plan_WhoseHeightCameTooCloseWhileItWaited_Fails()
    {
        World world = Create();
        ulong number = world.Proposed(new PlanUpgrade(world.Height + 2 + NoticeBlocks, 2));
        world.Vote(Large, number, VoteChoice.Yes);
        world.Pass(VotingMs);
        world.Pass(DelayMs);

        Assert.Equal(Reason.UpgradeTooSoon, world.Proposal(number).Failure);
        Assert.Null(ProtocolRecord.Get(world.State).Plan);
    }

    private static Reason Proposed(World world, ProposalAction action) => world.RunOne(world.Sign(new Propose("x", action), Keys.Alice)).Reason;
}
