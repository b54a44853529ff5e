using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>What the executor says for whoever indexes the chain.</summary>
public sealed class TouchTests
{
    private readonly World world = new();

    [Fact]
    public void Transfer_TouchesBothAccounts()
    {
        BlockResult result = world.Run(world.Transfer(Keys.Alice, Keys.Carol, 50));
        Assert.Equal([Account(Keys.Alice), Account(Keys.Carol)], result.Touched.Single());
        Assert.Empty(result.Moves);
    }

    [Fact]
    public void Copy_Skipped_TouchesNothing()
    {
        Transaction transaction = world.Transfer(Keys.Alice, Keys.Carol, 50);
        BlockResult result = world.Run(transaction, transaction);
        Assert.Equal([2, 0], result.Touched.Select(touched => touched.Length));
        Assert.True(result.Receipts[1].Skipped);
    }

    [Fact]
    public void RegisterDevice_TouchesOwnerAndDevice_AndTheDeviceIsNew()
    {
        BlockResult result = world.Run(world.Register(Keys.Alice, Keys.Sensor));
        Assert.Equal([Account(Keys.Alice), Device(Keys.Sensor)], result.Touched.Single());
        DeviceMove move = Assert.Single(result.Moves);
        Assert.Equal((Keys.Sensor.Address, null), (move.Device, move.Before));
        Assert.Equal((Keys.Alice.Address, 1u), (move.After.Owner, move.After.Enrollments.Single().Service));
    }

    [Fact]
    public void Proof_TouchesItsDevice_AndTheOwnerOnceItPays()
    {
        world.Registered(Keys.Alice, Keys.Sensor);
        BlockResult first = world.Run(world.Proof(Keys.Sensor, 1_000));
        Assert.Equal([Device(Keys.Sensor)], first.Touched.Single());
        Assert.Empty(first.Moves);

        world.NextEpoch();
        BlockResult paying = world.Run(world.Proof(Keys.Sensor, 1_100));
        Assert.Contains(Account(Keys.Alice), paying.Touched.Single());
        Assert.Contains(Device(Keys.Sensor), paying.Touched.Single());
    }

    [Fact]
    public void DueWork_BelongsToNoTransaction()
    {
        world.Registered(Keys.Alice, Keys.Sensor);
        world.Expect(Reason.None, new WithdrawDevice(Keys.Sensor.Address, 1), Keys.Alice);
        world.NowMs += TestGenesis.WithdrawalDelayMs;

        BlockResult result = world.Run(world.Transfer(Keys.Carol, Keys.Bob, 5), world.Transfer(Keys.Alice, Keys.Bob, 5));

        Assert.Empty(Assert.Single(result.Moves).After.Enrollments); // it was done in this block
        Assert.Empty(result.Touched[^2]); // the skipped one
        Assert.Equal([Account(Keys.Alice), Account(Keys.Bob)], result.Touched[^1]);
    }

    [Fact]
    public void Receipt_WithoutItsId_ComesBackWhole()
    {
        world.Registered(Keys.Alice, Keys.Sensor);
        Receipt[] receipts = [.. world.Run(world.Proof(Keys.Sensor, 1_000), world.Transfer(Keys.Carol, Keys.Bob, 5)).Receipts];
        foreach (Receipt receipt in receipts)
        {
            Assert.Equal(Reason.None, Receipt.TryDecodeOutcome(receipt.TransactionId, receipt.EncodeOutcome(), out Receipt? back));
            Assert.Equal(receipt, back);
            Assert.Equal(receipt.Encode().Length, receipt.EncodeOutcome().Length + 2 + Hash256.Size);
        }
    }

    [Fact]
    public void Batch_Locate_FindsEachTransactionsBytes()
    {
        Transaction[] transactions = [world.Transfer(Keys.Alice, Keys.Bob, 1), world.Transfer(Keys.Alice, Keys.Carol, 2)];
        byte[] encoded = new Batch(3, 7, [.. transactions.Select(transaction => transaction.Encoded)]).Encode();
        Assert.Equal(
            transactions.Select(transaction => Convert.ToHexString(transaction.Encoded.Span)),
            Batch.Locate(encoded).Select(place => Convert.ToHexString(encoded, place.Offset, place.Length)));
    }

    private static Touch Account(PrivateKey key) => new(StateKind.Account, key.Address);

    private static Touch Device(PrivateKey key) => new(StateKind.Device, key.Address);
}
