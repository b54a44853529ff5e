using AppChain.Ledger.Location;

namespace AppChain.Tests.Ledger.Location;

public class FreeSpaceLossTests
{
    [Fact]
    public void Log2_AnyNumber_IsTheNearest65536th()
    {
        var random = new Random(41);
        for (int i = 0; i < 100_000; i++)
        {
            ulong value = i < 5_000 ? (ulong)i + 1 : ((ulong)random.NextInt64() >> random.Next(62)) + 1;
            Assert.InRange(FreeSpaceLoss.Log2(value) - (Math.Log2(value) * 65_536), -0.501, 0.501);
        }
        for (int bit = 0; bit < 64; bit++)
            Assert.Equal(bit * 65_536, FreeSpaceLoss.Log2(1UL << bit));
        Assert.Equal(64 * 65_536, FreeSpaceLoss.Log2(ulong.MaxValue));
    }

    [Fact]
    public void CentiDb_AnyWayAndFrequency_IsTheFormulaRoundedDown()
    {
        var random = new Random(42);
        for (int i = 0; i < 50_000; i++)
        {
            ulong metres = (ulong)Math.Pow(1e7, random.NextDouble()), hertz = (ulong)(1e6 * Math.Pow(1e5, random.NextDouble()));
            double expected = 100 * ((20 * Math.Log10(metres)) + (20 * Math.Log10(hertz)) - 147.55);
            Assert.InRange(FreeSpaceLoss.CentiDb(metres, hertz) - expected, -1.02, 0.02);
        }
    }

    // 1 km at 868.1 MHz: 91.22 dB.
    [Fact]
    public void CentiDb_OneKilometreOfLoRa_IsTheTextbookValue() => Assert.InRange(FreeSpaceLoss.CentiDb(1_000, 868_100_000), 9_120, 9_122);

    [Fact]
    public void CentiDb_AtTheEnds_HoldsTheFormula()
    {
        Assert.Equal(FreeSpaceLoss.CentiDb(1, 1), FreeSpaceLoss.CentiDb(0, 0));
        Assert.Equal(-14_755, FreeSpaceLoss.CentiDb(1, 1));
        Assert.InRange(FreeSpaceLoss.CentiDb(ulong.MaxValue, ulong.MaxValue), 62_300, 62_310);
    }
}
