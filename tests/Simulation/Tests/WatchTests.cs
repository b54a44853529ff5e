namespace AppChain.Simulation.Tests;

/// <summary>The oracle's checks of whole machines and whole runs: each sees one go wrong in just that way.</summary>
public sealed class WatchTests
{
    static readonly Scenario Four = new() { Seed = 1, Profile = "watched", Powers = [1, 1, 1, 1] };

    readonly World world = new(Four);

    Machine Honest => world.Machines[0];

    [Fact]
    public void Finalize_SentBeforeTheBatchesAreHeld_IsCaught()
    {
        var body = VoteBody.For(VoteKind.Finalize, Court.Block(1), Court.Block(1).Hash);
        var vote = new Vote(body, (ushort)Honest.Signer, world.Book.Sign(Honest.Signer, body.SigningDigest(Scenario.ChainId)));

        Court.Catches("finalize before held", () => world.Oracle.OnSent(Honest, new Message.Ballot(vote)));
    }

    [Fact]
    public void Message_ThatDoesNotDecode_IsCaught()
    {
        var nonsense = VoteBody.Nullify(default, new View(1)) with { HeaderHash = Court.Block(1).Hash };

        Court.Catches("codec", () => world.Oracle.Decoded(Honest, new Message.Ballot(new Vote(nonsense, 0, new byte[Vote.SignatureBytes]))));
    }

    [Theory]
    [InlineData(100, 100)]
    [InlineData(99, 100)]
    public void Deadline_NotInTheFuture_IsCaught(int untilMs, int nowMs)
    {
        Court.Catches("deadline", () => world.Oracle.OnWaiting(Honest, (ulong)untilMs, (ulong)nowMs));
        Assert.Null(Record.Exception(() => world.Oracle.OnWaiting(Honest, (ulong)nowMs + 1, (ulong)nowMs)));
    }

    [Fact]
    public void Journal_WithARecordOfAnother_IsCaught()
    {
        Honest.Disk.Append(default, new View(1), new byte[] { 0xFF });
        Honest.Disk.Sync();

        Court.Catches("journal", Honest.Start);
    }

    [Fact]
    public void HonestCore_BrokenInvariant_IsCaught()
    {
        Honest.Start();

        Court.Catches("invariant", () => Honest.Take(new Input.Start()));
    }

    [Fact]
    public void Run_TooFewLeftForAQuorum_IsNotLive() =>
        Assert.StartsWith("liveness", Run.Of(Four with { Dead = [0, 1], Views = 5 }).Failure, StringComparison.Ordinal);

    [Fact]
    public void Run_OfMoreEventsThanItMayHave_IsAStorm() =>
        Assert.StartsWith("storm", Run.Of(Four with { EventsMax = 1_000 }).Failure, StringComparison.Ordinal);

    [Fact]
    public void Run_OfTheSameScenario_IsSafeAndLive() => Assert.Null(Run.Of(Four).Failure);
}
