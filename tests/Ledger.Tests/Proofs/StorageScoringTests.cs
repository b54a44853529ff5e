using System.Collections.Immutable;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Proofs;

public class StorageScoringTests
{
    private static readonly StorageScoreRules Rules = new();
    private static readonly byte[][] Chunks = [.. Enumerable.Range(0, 200).Select(number => BitConverter.GetBytes(number * 7_919))];
    private static readonly Hash256[] Hashes = [.. Chunks.Select(chunk => Hashing.Sha256(chunk))];
    private static readonly StoredFile File = new(Hashing.Sha256("deal"u8), MerkleList.Root(Hashes), 200);

    // (1 − 0.01)^(16 · 29) = 0.0094: with 99 % a loss of one in a hundred is found in 29 days, and in 28 not yet.
    [Fact]
    public void SixteenDrawsADay_FindALossOfOnePercent_Within29DaysWith99Percent()
    {
        double Missed(int days) => Math.Pow(0.99, Rules.Draws * days);

        Assert.True(Missed(29) < 0.01);
        Assert.True(Missed(28) > 0.01);
    }

    // The same with the draws themselves: 2,000 deals that lost two of two hundred chunks.
    [Fact]
    public void Draws_OfRealEntropy_FindTheLossAsOftenAsReckoned()
    {
        const int deals = 2_000;
        int found = 0;
        for (int deal = 0; deal < deals; deal++)
        {
            StoredFile lost = File with { Deal = Hashing.Sha256(BitConverter.GetBytes(deal)) };
            found += Enumerable.Range(0, 29).Any(day => StorageChallenge.Draw(lost, Entropy(day), Rules.Draws).Any(index => index < 2)) ? 1
                : 0;
        }
        // 99.06 % are expected; the deviation of 2,000 trials is 0.22 %.
        Assert.InRange(found / (double)deals, 0.983, 0.998);
    }

    [Fact]
    public void Draw_OfOneDayAndDeal_SaysNothingOfAnother()
    {
        ImmutableArray<uint> drawn = StorageChallenge.Draw(File, Entropy(1), 16);

        Assert.Equal(drawn, StorageChallenge.Draw(File, Entropy(1), 16));
        Assert.NotEqual(drawn, StorageChallenge.Draw(File, Entropy(2), 16));
        Assert.NotEqual(drawn, StorageChallenge.Draw(File with { Deal = Entropy(9) }, Entropy(1), 16));
        Assert.All(drawn, index => Assert.InRange(index, 0u, 199u));
    }

    [Fact]
    public void Window_WithEveryDrawnChunk_EarnsThePrice()
    {
        ImmutableArray<uint> drawn = StorageChallenge.Draw(File, Entropy(1), 16);

        StorageScore score = StorageScoring.Score(File, drawn, [.. drawn.Select(Show)], Rules);

        Assert.Equal(new StorageScore(16, 16, null), score);
        Assert.Equal(new Amount(1_000), score.PriceOf(new Amount(1_000)));
    }

    [Fact]
    public void Chunk_ThatIsMissingOrForged_CostsItsShare()
    {
        ShownChunk forged = Show(6) with { Chunk = new byte[] { 1, 2, 3, 4 } }, elsewhere = Show(8) with { Index = 7 };

        StorageScore score = StorageScoring.Score(File, [5, 6, 7], [Show(5), forged, elsewhere], Rules);

        Assert.Equal(new StorageScore(1, 3, 6), score);
        Assert.Equal(new Amount(333), score.PriceOf(new Amount(1_000)));
        Assert.False(score.IsMissed);
    }

    [Fact]
    public void Chunk_EmptyOrTooLong_IsNotShown()
    {
        ShownChunk empty = Show(5) with { Chunk = default }, path = Show(5) with { Path = default };

        Assert.True(StorageScoring.Score(File, [5], [empty], Rules).IsMissed);
        Assert.True(StorageScoring.Score(File, [5], [path], Rules).IsMissed);
        Assert.True(StorageScoring.Score(File, [5], [Show(5)], Rules with { ChunkBytesMax = 3 }).IsMissed);
        Assert.False(StorageScoring.Score(File, [5], [Show(5)], Rules).IsMissed);
    }

    [Theory]
    [InlineData(2u, 1_000UL, 0UL)]
    [InlineData(3u, 1_000UL, 50UL)]
    [InlineData(22u, 30UL, 30UL)]
    public void Bond_BurnsAfterTheGrace_AndNeverMoreThanIsLeft(uint missed, ulong left, ulong burned) =>
        Assert.Equal(new Amount(burned), StorageScoring.BurnOf(new Amount(1_000), new Amount(left), missed, Rules));

    private static ShownChunk Show(uint index) => new(index, Chunks[index], [.. MerkleList.Prove(Hashes, (int)index)]);

    private static Hash256 Entropy(int day) => Hashing.Sha256(BitConverter.GetBytes(day + 1_000_000));
}
