namespace AppChain.Simulation.Tests;

public sealed class DiskTests
{
    [Fact]
    public void Crash_ManyTimes_KeepsTheSyncedAndTheWholeRecordsUpToTheFirstThatIsNot()
    {
        var (lengths, torn, holes) = (new HashSet<int>(), 0, 0);
        for (ulong seed = 0; seed < 200; seed++)
        {
            var disk = new Disk();
            for (byte i = 0; i < 6; i++)
            {
                disk.Append(default, new View(1), Enumerable.Repeat(i, 100).ToArray());
                if (i == 2)
                {
                    disk.Sync();
                }
            }

            var (lost, wasTorn, hole) = disk.Fail(new Dice(seed));
            Assert.Equal(6 - lost, disk.Journal.Count);
            Assert.Equal(Enumerable.Range(0, disk.Journal.Count), disk.Journal.Select(entry => (int)entry.Record[0]));
            Assert.False(disk.HasUnsynced);
            lengths.Add(disk.Journal.Count);
            torn += wasTorn ? 1 : 0;
            holes += hole ? 1 : 0;
        }

        Assert.Equal([3, 4, 5, 6], lengths.Order());
        Assert.InRange(torn, 50, 190);
        Assert.InRange(holes, 5, 190);
    }
}
