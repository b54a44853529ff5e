using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>Random messages of credits, prices and channels, good and bad, for the properties of the whole ledger.</summary>
internal sealed class RandomCredits(Random random, PrivateKey[] people, PrivateKey[] sensors)
{
    private readonly List<(ChannelId Channel, PrivateKey Payer)> channels = [];

    /// <summary>Everybody may report prices, and until then a token costs a dollar.</summary>
    public static JsonObject Genesis(JsonObject json, IEnumerable<PrivateKey> reporters)
    {
        json["priceReporters"] = new JsonArray([.. reporters.Select(reporter => JsonValue.Create(CreditWorlds.App(reporter)))]);
        json["parameters"]!["priceFallback"] = CreditWorlds.Dollar;
        json["parameters"]!["channelChallengeMs"] = 5_000;
        json["parameters"]!["channelLifetimeMaxMs"] = 20_000;
        return json;
    }

    public Transaction Next(World world)
    {
        PrivateKey person = people[random.Next(people.Length)];
        if (channels.Count == 0 || random.Next(3) == 0)
        {
            Address? only = random.Next(3) == 0 ? sensors[random.Next(sensors.Length)].Address : null;
            ulong lifeMs = (ulong)random.Next(22_000);
            Transaction opening = world.Sign(
                new OpenChannel((uint)random.Next(1, 4), new Credits((ulong)random.Next(1, 200)), only, world.NowMs + lifeMs), person);
            channels.Add((ChannelId.OpenedBy(opening.Id), person));
            return opening;
        }
        return world.Sign(Message(world, person), person);
    }

    private Message Message(World world, PrivateKey person)
    {
        PrivateKey sensor = sensors[random.Next(sensors.Length)];
        (ChannelId channel, PrivateKey payer) = channels[^random.Next(1, Math.Min(channels.Count, 10) + 1)];
        SignedVoucher first = Voucher(payer, channel, sensor);
        SignedVoucher second = Voucher(payer, channel, sensor);
        return random.Next(9) switch
        {
            0 or 1 => new BurnForCredits(
                new Amount((ulong)random.NextInt64(1, random.Next(4) == 0 ? long.MaxValue : 300_000)),
                random.Next(4) == 0 ? person.Address : null,
                CreditsMin: new Credits((ulong)random.Next(3))),
            2 => new BurnForCredits(new Amount((ulong)random.Next(1, 100_000)), Sponsor: (uint)random.Next(1, 4)),
            3 => new SubmitPrice((ulong)random.NextInt64(1, 3_000_000), world.NowMs + (ulong)random.Next(30_000) - 8_000),
            4 => new CloseChannel(channel),
            5 => new DisputeChannel(first, first.Voucher.Contradicts(second.Voucher) ? second : null),
            _ => new RedeemVoucher(first),
        };
    }

    private SignedVoucher Voucher(PrivateKey payer, ChannelId channel, PrivateKey sensor) =>
        CreditWorlds.Voucher(payer, channel, sensor, (ulong)random.Next(1, 20), (ulong)random.NextInt64(1, random.Next(9) == 0 ? long.MaxValue : 60));
}
