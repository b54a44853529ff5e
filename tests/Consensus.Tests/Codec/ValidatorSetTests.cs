namespace AppChain.Consensus.Tests;

public sealed class ValidatorSetTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(4, 3)]
    [InlineData(5, 4)]
    [InlineData(6, 5)]
    [InlineData(7, 5)]
    [InlineData(100, 67)]
    public void Quorum_EqualPowers_IsTheLeastNumberAboveTwoThirds(int validators, ulong quorum)
    {
        var set = Set(Enumerable.Repeat(1UL, validators));
        Assert.True(set.IsQuorum(quorum));
        Assert.False(set.IsQuorum(quorum - 1));
    }

    [Fact]
    public void Quorum_HugePowers_DoesNotOverflow()
    {
        var set = Set([ulong.MaxValue - 2, 1, 1]);
        Assert.True(set.IsQuorum(ulong.MaxValue - 2));
        Assert.False(set.IsQuorum(ulong.MaxValue / 3 * 2));
        Assert.True(set.IsQuorum((ulong.MaxValue / 3 * 2) + 1));
    }

    [Fact]
    public void Set_Malformed_IsRefused()
    {
        var key = KeyedHashCrypto.PublicKey(0);
        Assert.Throws<ArgumentException>(() => Set([]));
        Assert.Throws<ArgumentException>(() => Set([0]));
        Assert.Throws<ArgumentException>(() => Set([ulong.MaxValue, 1]));
        Assert.Throws<ArgumentException>(() => Set(Enumerable.Repeat(1UL, ConsensusLimits.ValidatorsMax + 1)));
        Assert.Throws<ArgumentException>(() => new ValidatorSet([new Validator(key, 1), new Validator(key, 1)]));
        Assert.Throws<ArgumentException>(() => new ValidatorSet([new Validator(new byte[31], 1)]));
    }

    [Fact]
    public void TryOpen_OfItsOwnBytesAndHash_GivesTheSetBackAndOfNoOthers()
    {
        var set = Set([1, 2, 3]);
        var bytes = set.Encode();
        Assert.True(ValidatorSet.TryOpen(bytes, set.Hash, out var opened));
        Assert.Equal((set.Count, set.TotalPower, set.Hash), (opened!.Count, opened.TotalPower, opened.Hash));
        Assert.Equal(bytes, opened.Encode());

        Assert.False(ValidatorSet.TryOpen(bytes, Set([1, 2, 4]).Hash, out _));
        Assert.False(ValidatorSet.TryOpen([.. bytes, 0], set.Hash, out _));
        foreach (var malformed in new byte[][] { [], [0, 0], [0, 1], [.. bytes, 0], bytes[..^1], new byte[ValidatorSet.EncodedBytesMax + 1] })
        {
            Assert.False(ValidatorSet.TryOpen(malformed, TaggedHash.Validators.Of(malformed), out _));
        }
    }

    [Fact]
    public void Hash_DependsOnOrderKeysAndPowers()
    {
        var hashes = new[] { Set([1, 2]), Set([2, 1]), Set([1, 3]), Set([1, 2, 1]) }.Select(set => set.Hash).ToHashSet();
        Assert.Equal(4, hashes.Count);
        Assert.Equal(Set([1, 2]).Hash, Set([1, 2]).Hash);
    }

    [Fact]
    public void Leaders_EqualPowers_EachOncePerCycleInTheSameOrder()
    {
        var schedule = new LeaderSchedule(Set([5, 5, 5, 5]), default, default);
        var cycle = Leaders(schedule, 4);
        Assert.Equal([0, 1, 2, 3], cycle.Order());
        Assert.Equal([.. cycle, .. cycle], Leaders(schedule, 8));
    }

    [Fact]
    public void Leaders_UnequalPowers_LeadInProportionAndSpread()
    {
        var leaders = Leaders(new LeaderSchedule(Set([10, 20, 30, 40]), default, default), 100);
        Assert.Equal([10, 20, 30, 40], leaders.CountBy(leader => leader).OrderBy(pair => pair.Key).Select(pair => pair.Value));

        // Those below a third of the power, who are the ones that may all be faulty, never lead twice in a row.
        Assert.DoesNotContain(leaders.Zip(leaders.Skip(1)), pair => pair.First == pair.Second && pair.First < 3);
    }

    [Fact]
    public void Leaders_HugePowers_AreScaledAndEverybodyLeads()
    {
        var leaders = Leaders(new LeaderSchedule(Set([ulong.MaxValue - 10, 3, 7]), default, default), ConsensusLimits.LeaderTurnsMax + 3);
        Assert.Equal([0, 1, 2], leaders.Distinct().Order());
    }

    [Fact]
    public void Leaders_OtherSeedOrEpoch_OtherOrder()
    {
        var set = Set(Enumerable.Repeat(1UL, 20));
        var orders = new[]
        {
            new LeaderSchedule(set, default, default),
            new LeaderSchedule(set, new Epoch(1), default),
            new LeaderSchedule(set, default, new TaggedHash("seed").Of([])),
        }.Select(schedule => string.Join(' ', Leaders(schedule, 20))).ToHashSet();
        Assert.Equal(3, orders.Count);
    }

    static int[] Leaders(LeaderSchedule schedule, int views) =>
        [.. Enumerable.Range(1, views).Select(view => (int)schedule.LeaderOf(new View((ulong)view)))];

    static ValidatorSet Set(IEnumerable<ulong> powers) =>
        new([.. powers.Select((power, i) => new Validator(KeyedHashCrypto.PublicKey((ushort)i), power))]);
}
