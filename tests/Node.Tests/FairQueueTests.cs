using AppChain.Node.Pool;

namespace Node.Tests;

public sealed class FairQueueTests
{
    private readonly FairQueue<string, int> queue = new(itemsMax: 90);

    private int Fill(string source)
    {
        int added = 0;
        while (queue.TryAdd(source, added))
            added++;
        return added;
    }

    private List<int> Take(int most)
    {
        List<int> taken = [];
        queue.TakeInTurns(taken, most);
        return taken;
    }

    [Fact]
    public void TryAdd_GreedySources_ShareThePlacesAndLeaveSomeToOthers()
    {
        Assert.Equal(45, Fill("first")); // half of all
        Assert.Equal(23, Fill("second")); // half of the rest: while the first has more than its share, nobody waits for it to go down
        Take(90);
        for (int i = 0; i < 90; i++)
        {
            queue.TryAdd("first", i);
            queue.TryAdd("second", i);
        }
        Assert.Equal(60, Take(90).Count); // a third each, and a third free
    }

    [Fact]
    public void TakeInTurns_ALongLineAndAShortOne_ServesBothAlike()
    {
        Fill("flood");
        queue.TryAdd("honest", 1_000);
        queue.TryAdd("honest", 1_001);

        Assert.Equal([0, 1_000, 1, 1_001, 2, 3], Take(6));
    }

    [Fact]
    public void TryAdd_AfterAllWasTaken_BeginsAnew()
    {
        Fill("first");
        Assert.Equal(45, Take(1_000).Count);
        Assert.Equal(45, Fill("first"));
    }

    [Fact]
    public async Task WaitAsync_SomethingIsAdded_Ends()
    {
        Task waiting = queue.WaitAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(waiting.IsCompleted);
        Assert.True(queue.TryAdd("first", 1));
        await waiting.WaitAsync(Bounds.Start, TestContext.Current.CancellationToken);
        Assert.Equal([1], Take(10));
    }

    [Fact]
    public void TryAdd_AfterClose_IsRefused()
    {
        Assert.True(queue.TryAdd("first", 1));
        queue.Close();
        Assert.False(queue.TryAdd("second", 2));
        Assert.Equal([1], Take(10));
    }
}
