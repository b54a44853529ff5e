using System.Numerics;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Tests.Ledger.Economy;
using FsCheck;
using FsCheck.Fluent;

namespace AppChain.Tests.Ledger.Model;

/// <summary>
/// Many payers burn, pay devices of their own and of others, at changing prices, in epochs with and without work: the ledger mints and pays to the last unit what the
/// plain model does. A counterexample is shrunk to the few commands that matter.
/// </summary>
public class PlainUsageTests
{
    private const ulong FirstTokens = 1_000_000;
    private const int Owners = 5, Strangers = 2, Services = 3;

    /// <summary>What is done, who pays, whose work it is, and how much of it.</summary>
    public sealed record Command(byte Kind, byte Payer, byte Device, ushort Amount);

    [Fact]
    public void RandomPayments_EarnWhatTheModelSays() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(200),
        Prop.ForAll<Command[]>(commands =>
        {
            Both both = new();
            foreach (Command command in commands)
                both.Do(command);
            both.End();
        }));

    [Fact]
    public void Payments_OfOthersAndOfTheOwner_ReachEveryPath()
    {
        Both both = new();
        both.Do(new Command(Kind: 0, Payer: 6, Device: 0, Amount: 5_000));
        both.Do(new Command(Kind: 0, Payer: 0, Device: 0, Amount: 5_000));
        both.Do(new Command(Kind: 1, Payer: 6, Device: 0, Amount: 9_000));
        both.Do(new Command(Kind: 1, Payer: 0, Device: 0, Amount: 9_000));
        both.Do(new Command(Kind: 4, Payer: 0, Device: 1, Amount: 3));
        both.Do(new Command(Kind: 6, Payer: 0, Device: 0, Amount: 0));
        both.End();

        Assert.True(both.UsageMinted > 0 && both.CoverageMinted > 0);
    }

    /// <summary>The ledger and the model, side by side.</summary>
    private sealed class Both
    {
        private readonly SimulatedEconomy economy = EconomyWorlds.Create(("floorHalvingEpochs", 0), ("restEpochs", 2), ("demandEpochs", 3));
        private readonly (Address Address, PlainPayer Plain)[] payers;
        private readonly (Address Address, PlainWorker Plain)[] devices;
        private readonly PlainUsage model;

        public Both()
        {
            Amount first = EconomyWorlds.Tokens(FirstTokens);
            payers = [.. Enumerable.Range(0, Owners + Strangers).Select(i => (economy.AddAccount($"payer {i}", first), new PlainPayer(first.Grains)))];
            devices =
            [
                .. Enumerable.Range(0, Owners).Select(i => (
                    economy.AddDevice($"device {i}", payers[i].Address, (uint)(i % Services) + 1), new PlainWorker(i % Services, payers[i].Plain))),
            ];
            model = new PlainUsage(parameter => economy[parameter], [1, 2, 0]) { Price = EconomyWorlds.Dollar };
        }

        public BigInteger UsageMinted { get; private set; }

        public BigInteger CoverageMinted { get; private set; }

        public void Do(Command command)
        {
            (Address payer, PlainPayer plainPayer) = payers[command.Payer % payers.Length];
            (Address device, PlainWorker plainDevice) = devices[command.Device % devices.Length];
            switch (command.Kind % 8)
            {
                case 0:
                    Amount grains = new((((ulong)command.Amount + 1) * 20_000_003) + command.Device);
                    Assert.Equal(Reason.None, economy.Burn(payer, grains));
                    model.Burn(plainPayer, grains.Grains);
                    break;
                case <= 3:
                    Credits credits = new((ulong)command.Amount * 997);
                    economy.Serve((uint)plainDevice.Service + 1, device, payer, credits);
                    model.Serve(plainPayer, plainDevice, credits.Units);
                    break;
                case 4:
                    ulong units = (command.Amount % 7u) + 1;
                    economy.Work((uint)plainDevice.Service + 1, device, units);
                    model.Work(plainDevice, units);
                    break;
                case 5:
                    ulong price = ((ulong)command.Amount * 100) + 100_000;
                    economy.SetPrice(price);
                    model.Price = price;
                    break;
                case 6:
                    EndEpoch();
                    break;
                default:
                    economy.Settle(device); // nothing that the model would notice
                    break;
            }
        }

        /// <summary>Everything is settled, and everybody has what the model says.</summary>
        public void End()
        {
            EndEpoch();
            foreach ((Address device, _) in devices)
                economy.Settle(device);
            foreach ((Address address, PlainPayer plain) in payers)
            {
                Assert.Equal(plain.Wealth, economy.Wealth(address).Grains);
                Assert.Equal(plain.Credits, economy.CreditsOf(address).Units);
            }
            economy.EndEpoch();
            Assert.True(economy.Audit().Conserved, economy.Audit().ToString());
        }

        private void EndEpoch()
        {
            (BigInteger Coverage, BigInteger Usage)[] expected = model.EndEpoch(devices.Select(static device => device.Plain));
            MintRewards mint = economy.EndEpoch();
            for (int service = 0; service < Services; service++)
            {
                PoolShares shares = mint.Pools.FirstOrDefault(pool => pool.Service == service + 1).Shares;
                Assert.Equal(expected[service], (shares.Coverage.Grains, shares.Usage.Grains));
                UsageMinted += shares.Usage.Grains;
                CoverageMinted += shares.Coverage.Grains;
            }
        }
    }
}
