using AppChain.Node;
using AppChain.Node.Sync;

namespace Node.Tests;

/// <summary>What a node that catches up holds in memory of what peers say.</summary>
public sealed class SyncBoundsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Room_ThatIsTaken_IsWaitedForByWhateverRunComesNext()
    {
        SyncRoom room = new(100);
        await room.TakeAsync(60, Stop);
        await room.TakeAsync(40, Stop);
        Task third = room.TakeAsync(50, Stop);
        Assert.False(third.IsCompleted);
        room.Give(40);
        Assert.False(third.IsCompleted);
        room.Give(60);
        await third.WaitAsync(Bounds.Start, Stop);
        using CancellationTokenSource end = new();
        Task fourth = room.TakeAsync(51, end.Token);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fourth.WaitAsync(Bounds.Start, Stop));
        await room.TakeAsync(50, Stop).WaitAsync(Bounds.Start, Stop); // who gave up took nothing
    }

    [Fact]
    public async Task Run_LargerThanTheRoom_GoesAlone()
    {
        SyncRoom room = new(100);
        await room.TakeAsync(1_000, Stop).WaitAsync(Bounds.Start, Stop);
        Task next = room.TakeAsync(1, Stop);
        Assert.False(next.IsCompleted);
        room.Give(1_000);
        await next.WaitAsync(Bounds.Start, Stop);
    }

    [Fact]
    public void Answer_WithMoreThanMayBeUnproven_IsRefused()
    {
        AnswerSize blocks = new(), bytes = new();
        for (int i = 0; i < NodeLimits.SyncUnprovenBlocksMax; i++)
            Assert.Null(blocks.Add(1));
        Assert.NotNull(blocks.Add(1));
        Assert.Null(bytes.Add(NodeLimits.SyncUnprovenBytesMax));
        bytes.Prove();
        Assert.Null(bytes.Add(NodeLimits.SyncUnprovenBytesMax));
        Assert.NotNull(bytes.Add(1));
    }

    [Fact]
    public void Answer_WithAsManyBlocksAsWereAskedFor_IsEnoughHoweverManyProofsTheyHave()
    {
        AnswerSize answer = new();
        for (int i = 0; i < NodeLimits.BlocksPerSyncMax; i++)
        {
            Assert.False(answer.IsEnough);
            Assert.Null(answer.Add(1));
            if (i % 2 == 0)
                answer.Prove();
        }
        Assert.False(answer.IsEnough, "the last one is not proven");
        Assert.Null(answer.Add(1));
        answer.Prove();
        Assert.True(answer.IsEnough);
    }
}
