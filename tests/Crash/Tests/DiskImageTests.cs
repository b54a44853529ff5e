using AppChain.Crash.Disk;
using AppChain.Crash.World;

namespace AppChain.Crash.Tests;

public sealed class DiskImageTests
{
    private const int Tries = 200;

    [Fact]
    public void PowerCut_AfterASync_KeepsWhatWasSyncedAndABeginningOfTheRest()
    {
        DiskImage image = Image(new DiskEvent.Sync(1), new DiskEvent.SyncNames(), new DiskEvent.Append(1, [4, 5, 6]));
        HashSet<int> lengths = [];
        for (int seed = 0; seed < Tries; seed++)
        {
            byte[] left = image.AfterPowerCut(new Random(seed), Tails.Of(Fault.PowerCut)!).Files[1].Bytes.ToArray();
            Assert.Equal([1, 2, 3], left[..3]);
            Assert.Equal(new byte[] { 1, 2, 3, 4, 5, 6 }[..left.Length], left);
            lengths.Add(left.Length);
        }
        Assert.Equal([3, 4, 5, 6], lengths.Order());
    }

    [Fact]
    public void PowerCut_OnADiskThatLeavesZeros_KeepsWhatWasSynced()
    {
        DiskImage image = Image(new DiskEvent.Sync(1), new DiskEvent.SyncNames(), new DiskEvent.Append(1, [4, 5, 6]));
        HashSet<string> lefts = [];
        for (int seed = 0; seed < Tries; seed++)
        {
            byte[] left = image.AfterPowerCut(new Random(seed), Tails.Of(Fault.PowerCutAnyPages)!).Files[1].Bytes.ToArray();
            Assert.Equal([1, 2, 3], left[..3]);
            Assert.Equal(6, left.Length);
            lefts.Add(Convert.ToHexString(left));
        }
        Assert.Contains("010203000000", lefts);
        Assert.Contains("010203040506", lefts);
    }

    [Fact]
    public void PowerCut_WithoutASyncOfTheNames_MayTakeTheFileOrItsNewName()
    {
        DiskImage image = Image(new DiskEvent.Sync(1), new DiskEvent.Rename("a", "b"));
        HashSet<string> names = [.. Enumerable.Range(0, Tries).Select(seed => string.Join(' ', image.AfterPowerCut(new Random(seed), Tails.Of(Fault.PowerCut)!).Names.Keys))];
        Assert.Equal(["", "a", "b"], names.Order());
    }

    private static DiskImage Image(params DiskEvent[] then)
    {
        DiskImage image = new();
        foreach (DiskEvent happened in (DiskEvent[])[new DiskEvent.Create("a", 1), new DiskEvent.Append(1, [1, 2, 3]), .. then])
            image.Apply(happened);
        return image;
    }
}
