using System.Text.Json.Nodes;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>Epochs of consensus: where they end, and with whose set the next begins.</summary>
public sealed class ValidatorEpochTests
{
    private const ulong Length = 10;

    private static readonly ValidatorsRecord Next = new([new ValidatorSeat(Keys.Of("validator/2").PublicKey, 5)]);

    [Fact]
    public void Genesis_Validators_AreTheFirstSet()
    {
        World world = Chain();
        Assert.Equal(
            world.Genesis.Validators.Select(validator => (Convert.ToHexString(validator.PublicKey.Span), validator.Power)),
            ValidatorsRecord.Get(world.State).Seats.Select(seat => (Convert.ToHexString(seat.PublicKey.Span), seat.Power)));
        Assert.Null(ValidatorsRecord.FindNext(world.State));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(9, false)]
    [InlineData(10, true)]
    [InlineData(11, false)]
    [InlineData(30, true)]
    public void Epoch_EndsWithEachHeightDivisibleByItsLength(ulong height, bool ends) =>
        Assert.Equal(ends, ValidatorEpochs.EndingWith(Chain().State, height) is not null);

    [Fact]
    public void Epoch_NoNextSet_GoesOnWithTheSame()
    {
        World world = Chain();
        ValidatorsRecord first = ValidatorsRecord.Get(world.State);
        Assert.Equal(first, ValidatorEpochs.EndingWith(world.State, Length));
        RunTo(world, Length);
        Assert.Equal(first, ValidatorsRecord.Get(world.State));
    }

    [Fact]
    public void Epoch_NextSet_TakesItsSeatsWithTheBoundaryBlock()
    {
        World world = Chain();
        ValidatorsRecord first = ValidatorsRecord.Get(world.State);
        world.State.Apply([new LedgerChange(StateKey.NextValidators.Bytes.ToArray(), Next.Encode())]);
        RunTo(world, Length - 1);
        Assert.Equal(first, ValidatorsRecord.Get(world.State));
        Assert.Equal(Next, ValidatorEpochs.EndingWith(world.State, Length)); // what the boundary block's header commits to

        RunTo(world, Length);
        Assert.Equal(Next, ValidatorsRecord.Get(world.State));
        Assert.Null(ValidatorsRecord.FindNext(world.State));
        Assert.Equal(Next, ValidatorEpochs.EndingWith(world.State, 2 * Length));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public void Genesis_TooShortAnEpoch_IsRefused(int length)
    {
        JsonObject json = TestGenesis.Json();
        json["parameters"]!["validatorEpochBlocks"] = length;
        Assert.False(Genesis.TryParse(TestGenesis.Bytes(json), out _, out string? error));
        Assert.Contains("parameters.validatorEpochBlocks", error);
    }

    private static World Chain()
    {
        JsonObject json = TestGenesis.Json();
        json["parameters"]!["validatorEpochBlocks"] = Length;
        return new World(json);
    }

    private static void RunTo(World world, ulong height)
    {
        while (world.Height < height)
        {
            world.NowMs += 100;
            world.Run();
        }
    }
}
