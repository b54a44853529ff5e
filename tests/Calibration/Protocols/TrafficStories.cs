using System.Text;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Calibration.Protocols;

/// <summary>
/// A device that carries the same traffic of the same price in each of 60 reward epochs, beside others' that users pay for. Who pays it burned tokens for
/// his credits; whose purse all of it is tells honest work from dealing with oneself.
/// </summary>
internal static class TrafficStories
{
    private const string Data = "Traffic";
    private const int Epochs = 60;

    private static readonly Amount Each = Amount.FromTokens(100);

    public static IEnumerable<Finding> Frauds()
    {
        // What the device earns if others pay, in the same world: what the frauds are compared with.
        Result honest = Play(new Purse("owner", "user"));
        yield return Against(honest, "pays itself, as its owner", new Purse("owner", "owner"));
        yield return Against(honest, "pays itself, under another name", new Purse("owner", "owner's other"));
        yield return Against(honest, "pays itself, where nobody else pays", new Purse("owner", "owner's other"), othersPay: false);
    }

    private sealed record Purse(string Owner, string Payer);

    /// <param name="Income">What the owner has more of at the end.</param>
    /// <param name="Outlay">What the payer has less of.</param>
    private sealed record Result(double Income, double Outlay);

    private static Finding Against(Result honest, string story, Purse purse, bool othersPay = true)
    {
        Result dealt = Play(purse, othersPay);
        double gain = purse.Owner == purse.Payer ? dealt.Income : dealt.Income - dealt.Outlay;
        return new Finding(Data, story, Epochs, gain < 0 ? 1 : 0, double.Max(0, gain / honest.Income));
    }

    private static Result Play(Purse purse, bool othersPay = true)
    {
        if (!Genesis.TryParse(Encoding.UTF8.GetBytes(File.ReadAllText(RepositoryFiles.Path("genesis.json"))), out Genesis? genesis, out string? error))
            throw new InvalidOperationException(error);
        SimulatedEconomy economy = new(genesis);
        economy.SetPrice(1_000_000);
        uint service = economy.Services[0];
        economy.SetWeight(service, 0); // as docs/bandwidth.md asks of a service whose work only its payers see
        Amount full = Amount.FromTokens(1_000_000);
        var names = new[] { purse.Owner, purse.Payer, "crowd", "crowd's owner" }.Distinct().ToDictionary(name => name, name => economy.AddAccount(name, full));
        var device = economy.AddDevice("device", names[purse.Owner], service);
        var others = economy.AddDevice("others", names["crowd's owner"], service);
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            Pay(economy, service, names[purse.Payer], device, Each);
            if (othersPay)
                Pay(economy, service, names["crowd"], others, new Amount(Each.Grains * 9));
            // A unit for each credit, as vouchers have it.
            economy.Work(service, device, Each.Grains);
            economy.Work(service, others, othersPay ? Each.Grains * 9 : 0);
            economy.EndEpoch();
        }
        economy.Settle(device);
        double Change(string name) => (double)economy.Wealth(names[name]).Grains - full.Grains;
        return new Result(Change(purse.Owner), -Change(purse.Payer));
    }

    private static void Pay(SimulatedEconomy economy, uint service, Address payer, Address device, Amount amount)
    {
        if (economy.Burn(payer, amount) is var reason and not Reason.None)
            throw new InvalidOperationException($"{reason}");
        economy.Serve(service, device, payer, economy.CreditsOf(payer));
    }
}
