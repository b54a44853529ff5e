using AppChain.Ledger.Location;

namespace AppChain.Tests.Ledger.Location;

public class TrigonometryTests
{
    [Fact]
    public void SinCos_AnyAngle_IsThatOfFloatingPoint()
    {
        var random = new Random(1);
        for (int i = 0; i < 200_000; i++)
        {
            long angle = i < 7_201 ? (i - 3_600) * 5_000_000L : random.NextInt64(-8_000_000_000, 8_000_000_000);
            double radians = angle / 1e7 * Math.PI / 180;
            Assert.InRange((Trigonometry.Sin(angle) / (double)Trigonometry.One) - Math.Sin(radians), -4e-12, 4e-12);
            Assert.InRange((Trigonometry.Cos(angle) / (double)Trigonometry.One) - Math.Cos(radians), -4e-12, 4e-12);
        }
    }

    [Fact]
    public void SinCos_QuarterTurns_AreExact()
    {
        long[] turns = [0, 900_000_000, 1_800_000_000, 2_700_000_000];
        Assert.Equal([0, Trigonometry.One, 0, -Trigonometry.One], turns.Select(Trigonometry.Sin));
        Assert.Equal([Trigonometry.One, 0, -Trigonometry.One, 0], turns.Select(Trigonometry.Cos));
    }

    [Fact]
    public void Root_AnyNumber_IsTheLargestThatFits()
    {
        var random = new Random(2);
        for (int i = 0; i < 20_000; i++)
        {
            UInt128 square = i < 1_000 ? (UInt128)i : new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()) >> random.Next(127);
            UInt128 root = Trigonometry.Root(square);
            Assert.True(root * root <= square && (root == ulong.MaxValue || (root + 1) * (root + 1) > square), $"{square}: {root}");
        }
        Assert.Equal(ulong.MaxValue, Trigonometry.Root(UInt128.MaxValue));
        Assert.Equal(1UL << 32, Trigonometry.Root(UInt128.One << 64));
    }
}
