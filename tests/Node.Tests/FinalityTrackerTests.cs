using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node;
using AppChain.Node.Pool;

namespace Node.Tests;

public sealed class FinalityTrackerTests
{
    private static readonly ChainId Chain = ChainId.Parse("tracker");

    private static readonly List<Claim> Free = [];

    private readonly FinalityTracker tracker = new();
    private readonly List<Outcome> outcomes = [];

    private OutcomeFollower Waiting => new(outcomes.Add, CancellationToken.None);

    [Fact]
    public void OnFinalised_ATransactionOfTheBlock_TellsEveryFollowerOnce()
    {
        Transaction transaction = New(1);
        Assert.True(tracker.TryRegister(transaction, Free, Waiting));
        Assert.True(tracker.TryFollow(transaction.Id, Waiting));
        Receipt receipt = new(transaction.Id, Reason.None);

        tracker.OnFinalised(7, 500, [receipt]);
        tracker.OnFinalised(8, 5_000, [receipt]);

        Assert.Equal([new Outcome(transaction.Id, 7, receipt, 1_000), new Outcome(transaction.Id, 7, receipt, 1_000)], outcomes);
        Assert.Equal(0, tracker.Count);
        Assert.False(tracker.TryFollow(transaction.Id, Waiting));
    }

    [Fact]
    public void OnFinalised_PastATransactionsValidity_TellsThatItExpired()
    {
        Transaction early = New(1, validUntilMs: 1_000), late = New(2, validUntilMs: 2_000);
        tracker.TryRegister(early, Free, Waiting);
        tracker.TryRegister(late, Free, Waiting);

        tracker.OnFinalised(7, 1_000, []); // valid until and including this time
        Assert.Empty(outcomes);
        tracker.OnFinalised(8, 1_001, []);

        Assert.Equal([new Outcome(early.Id, 0, null, 1_000)], outcomes);
        Assert.True(tracker.IsRegistered(late.Id));
    }

    [Fact]
    public void TryRegister_ASecondTransactionWithTheSameNumber_IsRefusedUntilTheFirstIsDone()
    {
        Transaction first = New(1), second = New(1, validUntilMs: 1_001);
        Assert.True(tracker.TryRegister(first, Free, Waiting));
        Assert.True(tracker.IsNumberTaken(second));
        Assert.False(tracker.TryRegister(second, Free, Waiting));
        Assert.False(tracker.IsNumberTaken(New(2)));

        tracker.OnFinalised(7, 500, [new Receipt(first.Id, Reason.Expired)]);

        Assert.False(tracker.IsNumberTaken(second));
        Assert.True(tracker.TryRegister(second, Free, Waiting));
    }

    [Fact]
    public void TryFollow_MoreThanMayAsk_IsRefused()
    {
        Transaction transaction = New(1);
        tracker.TryRegister(transaction, Free, Waiting);
        int followers = 1;
        while (tracker.TryFollow(transaction.Id, Waiting))
            followers++;
        Assert.Equal(NodeLimits.FollowersPerTransactionMax, followers);
        tracker.OnFinalised(7, 500, [new Receipt(transaction.Id, Reason.None)]);
        Assert.Equal(followers, outcomes.Count);
    }

    [Fact]
    public void TryFollow_AfterOthersHaveGone_TakesTheirPlacesAndTellsOnlyWhoIsThere()
    {
        Transaction transaction = New(1);
        using CancellationTokenSource gone = new();
        tracker.TryRegister(transaction, Free, follower: null);
        while (tracker.TryFollow(transaction.Id, new OutcomeFollower(static _ => Assert.Fail("it has gone"), gone.Token)))
            Assert.False(gone.IsCancellationRequested);
        gone.Cancel();

        Assert.True(tracker.TryFollow(transaction.Id, Waiting));
        tracker.OnFinalised(7, 500, [new Receipt(transaction.Id, Reason.None)]);

        Assert.Single(outcomes);
    }

    [Fact]
    public void FindUncovered_ClaimsUnderWayTogether_MustLeaveWhatIsNeeded()
    {
        Claim fee = new(new PurseKey(Purse.Credits, Number: 1), 4, 4, 10, Reason.InsufficientCredits);
        Transaction first = New(1);
        tracker.TryRegister(first, [fee], Waiting);
        tracker.TryRegister(New(2), [fee], Waiting);

        Assert.Equal(fee, tracker.FindUncovered([fee]));
        Assert.Null(tracker.FindUncovered([fee with { Needs = 2 }]));
        Assert.Null(tracker.FindUncovered([fee with { Key = new PurseKey(Purse.Credits, Number: 2) }]));
        Assert.Null(tracker.FindUncovered([fee with { Needs = 0, Takes = ulong.MaxValue }])); // it would fail, and pay for that
        tracker.OnFinalised(7, 500, [new Receipt(first.Id, Reason.None)]);
        Assert.Null(tracker.FindUncovered([fee]));
    }

    [Fact]
    public void IsPassedBy_ANumberThatIsTooOldOnceAPendingOneIsExecuted_IsTrue()
    {
        Transaction high = New(100);
        tracker.TryRegister(high, Free, Waiting);

        Assert.True(tracker.IsPassedBy(New(36)));
        Assert.False(tracker.IsPassedBy(New(37)));
        Assert.False(tracker.IsPassedBy(New(101)));
        tracker.OnFinalised(7, 500, [new Receipt(high.Id, Reason.None)]);
        Assert.False(tracker.IsPassedBy(New(36)));
    }

    private static Transaction New(ulong sequence, ulong validUntilMs = 1_000)
    {
        using PrivateKey key = PrivateKey.FromSeed(KeyScheme.Secp256k1, "tracker");
        byte[] signed = TransactionBuilder.Sign(Chain, new Body(key.Address, sequence, validUntilMs, new Transfer(default, new Amount(1))), key);
        Assert.Equal(Reason.None, Transaction.TryDecode(signed, Chain, out Transaction? transaction));
        return transaction!;
    }
}
