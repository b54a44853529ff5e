using System.Globalization;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>What must hold whatever people send: thousands of random transactions over all messages, good and bad, from fixed seeds.</summary>
public class LedgerPropertyTests
{
    private const int Seeds = 6;
    private const int Blocks = 200;

    // Nobody can send it: the chain makes it.
    private static readonly Type[] NotSent = [typeof(MintRewards)];

    [Fact]
    public void RandomBlocks_ConserveSupplyAndReplayEqually()
    {
        HashSet<Reason> seen = [];
        for (int seed = 1; seed <= Seeds; seed++)
        {
            RandomLedger ledger = new(seed);
            for (int block = 0; block < Blocks; block++)
                ledger.Step();
            Assert.True(LedgerQueries.Supply(ledger.World.State).Supply.Minted > Amount.Zero);
            seen.UnionWith(ledger.Seen);
        }

        Reason[] expected =
        [
            Reason.None, Reason.SequenceUsed, Reason.UnknownAccount, Reason.UnknownDevice, Reason.UnknownManufacturer,
            Reason.InsufficientBalance, Reason.DeviceAlreadyRegistered, Reason.OutOfBounds,
            Reason.JumpTooLarge, Reason.OutOfOrder, Reason.WrongService, Reason.Expired,
            Reason.NotTheOwner, Reason.NoSuchDevice, Reason.AlreadyEnrolled, Reason.NotEnrolled, Reason.NotTheDevicesKey, Reason.DeviceRevoked,
            Reason.TooFewCredits, Reason.UnknownChannel, Reason.DeviceNotPayable, Reason.PriceReportUntimely,
            Reason.UnknownValidator, Reason.NothingBonded, Reason.MoreThanBonded, Reason.StakeBelowMinimum,
            Reason.NoVotingPower, Reason.UnknownDispute, Reason.UnknownSubject, Reason.NotTheManufacturer, Reason.AlreadyRevoked,
            Reason.UnknownDeal, Reason.NotAPartyOfDeal, Reason.NotSignedByDevice, Reason.DealOutsideTerms, Reason.NoOpenDeal,
            Reason.ChunkDiffers, Reason.NoOpenJob,
        ];
        Assert.Empty(expected.Except(seen)); // the cases were really tried
    }

    [Fact]
    public void RandomBlock_CutInTwoAtTheSameTime_GivesTheSameState()
    {
        RandomLedger ledger = new(seed: 5, epochBlocks: 10_000, withAgreements: false); // where an epoch ends, heights do matter
        World world = ledger.World;
        Random random = new(5);
        for (int round = 0; round < 50; round++)
        {
            world.NowMs += (ulong)random.Next(3_000);
            List<Transaction> transactions = ledger.NextTransactions(12);
            DictionaryState whole = new();
            whole.Apply(world.State.Entries.Select(entry => new LedgerChange(entry.Key, entry.Value)));
            whole.Apply(Executor.Execute(whole, world.Context, Executor.MintDue(whole, world.NowMs)?.EncodeBody(), transactions).Changes);

            int cut = random.Next(transactions.Count);
            world.Run(transactions[..cut]);
            world.Run(transactions[cut..]);

            Assert.Equal(whole.Dump(), world.State.Dump());
        }
    }

    // The long form of the first test, run by tests/ledger: LEDGER_TRANSACTIONS many, and every message must have succeeded at least once.
    [Fact(Explicit = true)]
    public void RandomTransactions_AsManyAsAskedFor_HoldEverything()
    {
        int wanted = int.Parse(Environment.GetEnvironmentVariable("LEDGER_TRANSACTIONS") ?? "1000000", CultureInfo.InvariantCulture);
        const int perSeed = 20_000;
        int done = 0, first = 1_000;
        HashSet<Type> applied = [];
        HashSet<Reason> seen = [];
        Lock gate = new();
        Parallel.For(0, (wanted + perSeed - 1) / perSeed, number =>
        {
            RandomLedger ledger = new(first + number);
            while (ledger.Transactions < perSeed)
                ledger.Step();
            lock (gate)
            {
                done += ledger.Transactions;
                applied.UnionWith(ledger.Applied);
                seen.UnionWith(ledger.Seen);
                Console.WriteLine($"{done} transactions; {applied.Count} kinds of messages applied, {seen.Count} reasons seen");
            }
        });

        IEnumerable<Type> messages = typeof(Message).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Message)) && !type.IsAbstract);
        Assert.Empty(messages.Except(NotSent).Except(applied).Select(type => type.Name));
    }
}
