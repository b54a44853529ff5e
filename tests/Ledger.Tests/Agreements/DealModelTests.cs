using System.Collections.Immutable;
using System.Numerics;
using AppChain.Crypto;
using AppChain.Ledger;
using FsCheck;
using FsCheck.Fluent;

namespace AppChain.Tests.Ledger.Agreements;

/// <summary>Random lives of many deals at once, in every order, against <see cref="DealModel"/>.</summary>
public class DealModelTests
{
    private static readonly PrivateKey[] Clients = [Keys.Alice, Keys.Bob, Keys.Carol]; // the last one owns the devices
    private static readonly PrivateKey[] Devices = [Keys.Sensor, Keys.OtherSensor];

    /// <param name="What">Which action.</param>
    /// <param name="Who">Which client and device.</param>
    /// <param name="How">Its numbers.</param>
    /// <param name="PassMs">How much later the block is.</param>
    private readonly record struct Step(byte What, byte Who, byte How, ushort PassMs);

    [Fact]
    public void RandomLives_GiveTheMoneyThatThePlainModelGives()
    {
        HashSet<string> seen = [];
        Gen<Step> steps =
            from what in Gen.Choose(0, 9)
            from who in Gen.Choose(0, 255)
            from how in Gen.Choose(0, 255)
            from pass in Gen.Frequency((6, Gen.Choose(0, 2_000)), (1, Gen.Choose(0, 12_000)))
            select new Step((byte)what, (byte)who, (byte)how, (ushort)pass);
        Prop.ForAll(steps.ArrayOf().ToArbitrary(), life => Compare(life, seen))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40).WithStartSize(30).WithEndSize(250));

        string[] tried = ["opened", "not opened", "shown", "shown before", "nothing open", "cancelled by client", "ends already", "cancelled by owner", "ended", "missed"];
        Assert.Empty(tried.Except(seen)); // every way was really gone
    }

    private static void Compare(Step[] life, HashSet<string> seen)
    {
        DealWorld deals = new();
        DealModel model = new(Clients.Select(key => key.Address), Devices.Select(key => key.Address));
        List<(Hash256 Id, PrivateKey Client, PrivateKey Device)> opened = [];
        foreach (Step step in life)
        {
            deals.World.NowMs += step.PassMs;
            model.Tick(deals.World.NowMs);
            deals.World.Run(); // what is due, by itself: so what is shown next belongs to the window that is open then
            seen.Add(Act(deals, model, step, opened));
            AssertAlike(deals, model, opened, seen);
        }
        // Everything ends by itself, and whoever did nothing gets his money back.
        for (uint i = 0; i <= DealWorld.WindowsMax; i++)
        {
            deals.World.NowMs += DealWorld.WindowMs;
            model.Tick(deals.World.NowMs);
            deals.World.Run();
        }
        Assert.DoesNotContain(opened, deal => deals.Deal(deal.Id) is not null);
        Assert.Equal(3 * DealWorld.Credits - model.Spent, Clients.Aggregate(0UL, (sum, client) => sum + deals.World.CreditsOf(client)));
    }

    private static string Act(DealWorld deals, DealModel model, Step step, List<(Hash256 Id, PrivateKey Client, PrivateKey Device)> opened)
    {
        // The block of an action is not one of the model's: nothing is due in it but what has just been opened or cancelled.
        PrivateKey client = Clients[step.Who % 3], device = Devices[step.Who / 3 % 2];
        if (opened.Count == 0 || step.What == 0)
        {
            (ulong price, uint windows) = (step.How == 255 ? DealWorld.Credits + 1 : (ulong)step.How + 1, (uint)(step.How % 4) + 1);
            Transaction opening = deals.World.Sign(DealWorld.Terms(device, price: price, windows: windows), client, device);
            bool expected = model.TryOpen(opening.Id, client.Address, device.Address, price, windows);
            Assert.Equal(expected, deals.World.RunOne(opening).Reason == Reason.None);
            if (expected)
                opened.Add((opening.Id, client, device));
            return expected ? "opened" : "not opened";
        }
        (Hash256 id, PrivateKey itsClient, PrivateKey keeper) = opened[^(step.Who % Math.Min(opened.Count, 6) + 1)];
        bool isOpen = model.Find(id) is not null;
        switch (step.What)
        {
            case 1 when itsClient != Keys.Carol:
                bool cancelled = isOpen && model.TryCancelByClient(id);
                Assert.Equal(
                    cancelled ? Reason.None : isOpen ? Reason.DealEndsAlready : Reason.UnknownDeal, deals.World.Do(itsClient, new CancelDeal(id)));
                return cancelled ? "cancelled by client" : "ends already";
            case 2 when itsClient != Keys.Carol && step.How < 64:
                if (isOpen)
                    model.CancelByOwner(id);
                Assert.Equal(isOpen ? Reason.None : Reason.UnknownDeal, deals.World.Do(Keys.Carol, new CancelDeal(id)));
                return isOpen ? "cancelled by owner" : "nothing open";
            default:
                return Show(deals, model, step, id, keeper);
        }
    }

    private static string Show(DealWorld deals, DealModel model, Step step, Hash256 id, PrivateKey keeper)
    {
        if (deals.Deal(id) is not { Window: > 0 } deal)
        {
            Assert.NotEqual(Reason.None, deals.Show(id, keeper, [1]).EffectiveReason);
            return "nothing open";
        }
        ImmutableArray<uint> drawn = deal.Drawn(id);
        uint[] some = [.. drawn.Where((_, i) => (step.How >> i & 1) == 1 || i == step.Who % DealWorld.Draws)];
        ulong answers = 0;
        for (int i = 0; i < drawn.Length; i++)
            answers |= some.Contains(drawn[i]) ? 1UL << i : 0;
        uint answered = (uint)BitOperations.PopCount(answers & ~deal.Shown);
        ulong units = model.Answer(id, answered);

        Verdict verdict = deals.Show(id, keeper, some).Verdict!.Value;

        Assert.Equal((answered > 0 ? Reason.None : Reason.ChunksShownBefore, units), (verdict.Reason, verdict.Units));
        return answered > 0 ? "shown" : "shown before";
    }

    private static void AssertAlike(DealWorld deals, DealModel model, List<(Hash256 Id, PrivateKey Client, PrivateKey Device)> opened, HashSet<string> seen)
    {
        foreach (PrivateKey client in Clients)
            Assert.Equal(model.Credits[client.Address], deals.World.CreditsOf(client));
        foreach (PrivateKey device in Devices)
        {
            Assert.Equal((model.Bonds[device.Address], model.Usage[device.Address]), (deals.BondOf(device), deals.UsageOf(device)));
            Assert.Equal(model.OpenOf(device.Address), OpenWorkRecord.Of(deals.World.State, device.Address, DealWorld.Service));
        }
        foreach ((Hash256 id, _, _) in opened)
        {
            DealRecord? deal = deals.Deal(id);
            Assert.Equal(model.Find(id), deal is null ? null : (deal.Window, deal.WindowsLeft, deal.Missed));
            seen.Add(deal is null ? "ended" : deal.Missed > 0 ? "missed" : "open");
        }
        Assert.Equal((model.Spent, model.Burned), (LedgerQueries.Supply(deals.World.State).Supply.CreditsSpent.Units, LedgerQueries.Supply(deals.World.State).Supply.Burned.Grains));
        deals.World.AssertConserved();
    }
}
