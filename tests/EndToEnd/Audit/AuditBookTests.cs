using AppChain.Client.Explain;
using AppChain.Crypto;
using AppChain.Devnet.Audit;
using AppChain.Ledger;

namespace AppChain.EndToEnd.Audit;

/// <summary>What the audit of a devnet notices: faults of one grain, in one epoch of one device.</summary>
public sealed class AuditBookTests
{
    private const int Epochs = 3;
    private const uint Service = 1;

    // Seven units and ten burned grains share 1,000 and 100 grains: 428 + 40 and 571 + 60 of 1,100.
    private static readonly PoolShares Pool = new(new Amount(1_000), Units: 7, new Amount(100), new Amount(10));
    private static readonly (Address Address, ulong Units, ulong Usage, ulong Earned)[] Devices = [(DeviceOf(1), 3, 4, 468), (DeviceOf(2), 4, 6, 631)];

    private static Dictionary<Address, UInt128> Paid => Devices.ToDictionary(static device => device.Address, static device => (UInt128)device.Earned * Epochs);

    [Fact]
    public void Book_OfWhatWasPaid_AddsUp()
    {
        AuditBook book = Book(static (_, _, told) => told);

        Assert.Empty(book.Failures(Paid));
        Assert.Equal(((UInt128)Epochs, (UInt128)3_297), (book.Remainder, book.Settled));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Book_AGrainOffInOneEpoch_IsNoticed(int grains)
    {
        AuditBook book = Book((device, epoch, told) =>
            device == 1 && epoch == 2 ? told with { Earned = new Amount((ulong)((long)told.Earned.Grains + grains)) } : told);

        string failure = book.Failures(Paid).First();
        Assert.Contains(AddressText.Format(Devices[1].Address, AddressKind.Device), failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Book_AGrainPaidAndNotExplained_IsNoticed()
    {
        Dictionary<Address, UInt128> paid = Paid;
        paid[Devices[0].Address]++;

        Assert.Single(Book(static (_, _, told) => told).Failures(paid));
    }

    [Fact]
    public void Book_AnEpochThatANodeHides_IsNoticed()
    {
        AuditBook book = Book(static (device, epoch, told) => device == 0 && epoch == 1 ? null : told);

        Assert.Equal(2, book.Failures(Paid).Count()); // the device's sum, and the pool's units
    }

    [Fact]
    public void Book_MoreMintedThanPaid_IsNoticed()
    {
        // Both are told, and paid, two grains less than their share in one epoch: more than divisions lose.
        AuditBook book = Book(static (_, epoch, told) => epoch == 0 ? told with { Earned = new Amount(told.Earned.Grains - 2) } : told);
        Dictionary<Address, UInt128> paid = Devices.ToDictionary(static device => device.Address, static device => ((UInt128)device.Earned * Epochs) - 2);

        Assert.Contains("nobody's", Assert.Single(book.Failures(paid)), StringComparison.Ordinal);
    }

    [Fact]
    public void Book_OfADeviceThatWasPaidForNothing_IsNoticed() =>
        Assert.Single(Book(static (_, _, told) => told).Failures(new Dictionary<Address, UInt128> { [DeviceOf(9)] = 1 }));

    // What the last argument makes of a statement is entered; null: nothing is told.
    private static AuditBook Book(Func<int, ulong, Statement, Statement?> tell)
    {
        AuditBook book = new();
        for (ulong epoch = 0; epoch < Epochs; epoch++)
        {
            MintRewards mint = new(epoch, Amount.Zero, new PoolMint(Service, Pool));
            for (int i = 0; i < Devices.Length; i++)
            {
                (Address address, ulong units, ulong usage, ulong earned) = Devices[i];
                EpochWork work = new EpochWork(epoch, 1, 0, units, Hash256.Zero) { Usage = new Amount(usage) };
                Statement statement = new(address, Service, work) { Pool = Pool, Earned = new Amount(earned) };
                VerifiedService[] services = tell(i, epoch, statement) is { } told
                    ? [new VerifiedService(new Explanation(told, [], []), IsSettled: true, ProvenBy: null!, mint.Pools[0])]
                    : [];
                book.Enter(new VerifiedExplanation(address, epoch, [.. services], mint));
            }
        }
        return book;
    }

    private static Address DeviceOf(byte number) => new([.. Enumerable.Repeat(number, Address.Size)]);
}
