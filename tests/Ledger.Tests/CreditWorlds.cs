using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>Worlds with prices and credits, and what tests do with them.</summary>
internal static class CreditWorlds
{
    /// <summary>A dollar.</summary>
    public const ulong Dollar = 1_000_000;

    public const ulong ChallengeMs = 60_000;
    public const ulong LifetimeMaxMs = 600_000;

    /// <summary>With them a quorum is four.</summary>
    public static PrivateKey[] Reporters { get; } = [.. Enumerable.Range(0, 5).Select(i => Keys.Of($"reporter {i}"))];

    /// <summary>Alice and Bob have a thousand credits each, there is no price yet, and five may report one.</summary>
    public static JsonObject Json()
    {
        JsonObject json = TestGenesis.Json();
        json["accounts"]![0]!["credits"] = 1_000;
        json["accounts"]![1]!["credits"] = 1_000;
        foreach (PrivateKey reporter in Reporters)
            json["accounts"]!.AsArray().Add(new JsonObject { ["address"] = App(reporter), ["balance"] = 0 });
        json["priceReporters"] = new JsonArray([.. Reporters.Select(reporter => JsonValue.Create(App(reporter)))]);
        json["parameters"]!["channelChallengeMs"] = ChallengeMs;
        json["parameters"]!["channelLifetimeMaxMs"] = LifetimeMaxMs;
        return json;
    }

    public static string App(PrivateKey key) => AddressText.Format(key.Address, AddressKind.Account);

    public static ulong CreditsOf(this World world, PrivateKey key) => LedgerQueries.Account(world.State, key.Address).Credits.Units;

    public static Price Price(this World world) => LedgerQueries.Price(world.State, world.NowMs).Price;

    public static Reason Report(this World world, PrivateKey reporter, ulong price, ulong? observedMs = null) =>
        world.RunOne(world.Sign(new SubmitPrice(price, observedMs ?? world.NowMs), reporter)).Reason;

    /// <summary>Lets the first reporters report a price each, at the present time.</summary>
    public static void ReportAll(this World world, params ulong[] prices)
    {
        for (int i = 0; i < prices.Length; i++)
            Assert.Equal(Reason.None, world.Report(Reporters[i], prices[i]));
    }

    /// <summary>Opens a channel of service 1 and says what it is called.</summary>
    public static ChannelId Open(this World world, PrivateKey payer, ulong credits, PrivateKey? device = null, ulong lifeMs = LifetimeMaxMs)
    {
        Transaction opening = world.Sign(new OpenChannel(1, new Credits(credits), device?.Address, world.NowMs + lifeMs), payer);
        Assert.Equal(Reason.None, world.RunOne(opening).Reason);
        return ChannelId.OpenedBy(opening.Id);
    }

    public static SignedVoucher Voucher(PrivateKey payer, ChannelId channel, PrivateKey device, ulong nonce, ulong credits, string receipt = "")
    {
        Voucher voucher = new(channel, device.Address, nonce, new Credits(credits), Hashing.Sha256(System.Text.Encoding.UTF8.GetBytes(receipt)));
        return VoucherOffer.By(payer, voucher).CountersignedBy(device);
    }

    public static ChannelRecord? Channel(this World world, ChannelId channel) => LedgerQueries.Channel(world.State, channel);

    /// <summary>Executes one message of one signer in a block of its own.</summary>
    public static Reason Do(this World world, PrivateKey signer, Message message) => world.RunOne(world.Sign(message, signer)).Reason;
}
