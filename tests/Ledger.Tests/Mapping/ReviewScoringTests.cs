using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Mapping;

public class ReviewScoringTests
{
    [Theory]
    [InlineData(new uint[] { }, null)]
    [InlineData(new uint[] { 500_000 }, null)]
    [InlineData(new uint[] { 500_000, 600_000 }, 500_000u)]
    [InlineData(new uint[] { 600_000, 450_000 }, 450_000u)]
    [InlineData(new uint[] { 600_000, 449_999 }, null)]
    [InlineData(new uint[] { 0, 600_000, 700_000 }, 600_000u)]
    [InlineData(new uint[] { 0, 500_000, 1_000_000 }, null)]
    [InlineData(new uint[] { 900_000, 800_000, 1_000_000 }, 900_000u)]
    public void Reviews_AgreeWhereTwoAreNearTheMedian(uint[] qualities, uint? expected) =>
        Assert.Equal(expected, ReviewScoring.Agreed(qualities, 150_000));

    [Fact]
    public void Order_IsOfTheEntropy_AndHasEveryReviewerOnce()
    {
        Address[] reviewers = [.. Enumerable.Range(0, 20).Select(i => Keys.Of($"reviewer {i}").Address)];
        Hash256 image = Hashing.Sha256("image"u8);
        int[] first = new int[20];
        for (int i = 0; i < 2_000; i++)
        {
            var order = ReviewScoring.Order(image, Hashing.Sha256(BitConverter.GetBytes(i)), [.. reviewers]);
            Assert.Equal(reviewers.Order(), order.Order());
            first[Array.IndexOf(reviewers, order[0])]++;
        }
        Assert.All(first, count => Assert.InRange(count, 60, 150)); // a hundred each, if it is fair
    }

    [Fact]
    public void Commitment_NamesImageReviewerQualityAndSalt()
    {
        (Hash256 image, Hash256 salt) = (Hashing.Sha256([1]), Hashing.Sha256([2]));
        Address reviewer = Keys.Alice.Address;
        Hash256[] all =
        [
            ReviewScoring.Commit(image, reviewer, 1, salt), ReviewScoring.Commit(salt, reviewer, 1, salt), ReviewScoring.Commit(image, Keys.Bob.Address, 1, salt),
            ReviewScoring.Commit(image, reviewer, 2, salt), ReviewScoring.Commit(image, reviewer, 1, image),
        ];
        Assert.Distinct(all);
    }

    [Fact]
    public void Terms_WithinBounds_AreReadAsWritten_AndOthersAreNone()
    {
        MappingTerms terms = new(16, 4, 50_000, 200_000, 100_000, 20_000);
        Assert.Equal(terms, MappingTerms.TryDecode(terms.Encode()));
        MappingTerms[] wrong =
        [
            terms with { Level = 7 }, terms with { Level = 21 }, terms with { Segments = 0 }, terms with { Segments = 1_025 }, terms with { ReviewPpm = 100_001 },
            terms with { QualityMin = 0 }, terms with { QualityMin = 1_000_001 }, terms with { SlashPpm = 0 }, terms with { SlashPpm = 1_000_001 },
            terms with { SilencePpm = 100_001 },
        ];
        Assert.All(wrong, one => Assert.Null(MappingTerms.TryDecode(one.Encode())));
        Assert.Null(MappingTerms.TryDecode(terms.Encode()[..^1]));
    }

    // Nobody would lose by lying.
    [Fact]
    public void Service_WithoutABond_IsRefused()
    {
        var json = MappingWorld.Json();
        json["services"]![2]!["deviceBond"] = 9; // of which a tenth is nothing
        Assert.False(Genesis.TryParse(TestGenesis.Bytes(json), out _, out _));
        json["services"]![2]!["deviceBond"] = 49; // of which silence costs nothing
        Assert.False(Genesis.TryParse(TestGenesis.Bytes(json), out _, out _));
        json["services"]![2]!["deviceBond"] = 50;
        Assert.True(Genesis.TryParse(TestGenesis.Bytes(json), out _, out string? error), error);
    }
}
