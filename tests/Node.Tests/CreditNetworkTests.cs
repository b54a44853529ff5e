using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Protos.V1;
using KeyScheme = AppChain.Crypto.KeyScheme;
using Price = AppChain.Protos.V1.Price;
using RegisterDevice = AppChain.Ledger.RegisterDevice;
using Signature = AppChain.Ledger.Signature;
using SignedVoucher = AppChain.Ledger.SignedVoucher;
using SupplyAudit = AppChain.Protos.V1.SupplyAudit;

namespace Node.Tests;

/// <summary>Prices, burning and channels on a network of four, through the SDK and the queries alone.</summary>
public sealed class CreditNetworkTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Burn_AtTheReportedPrice_BringsCreditsToWhoHadNone()
    {
        await using NodeClient client = fixture.Network.Connect(0);
        using Wallet owner = new(client, fixture.Network.Genesis.ChainId, fixture.Owner);
        using PrivateKey newcomerKey = PrivateKey.Generate(KeyScheme.P256);
        using Wallet newcomer = new(client, fixture.Network.Genesis.ChainId, newcomerKey);
        Assert.Equal(Price.Types.Basis.Fallback, (await client.GetPriceAsync(Cancellation)).Basis);
        await Final(owner.SubmitPriceAsync(500_000, TimeProvider.System.GetUtcNow(), Cancellation));
        await Final(owner.TransferAsync(newcomerKey.Address, Amount.FromTokens(1), Cancellation));

        await Final(newcomer.BurnForCreditsAsync(Amount.FromTokens(1), new Credits(500_000), Cancellation));

        Price price = await client.GetPriceAsync(Cancellation);
        Assert.Equal((500_000UL, 500_000UL, Price.Types.Basis.Current), (price.Price_, price.Last, price.Basis));
        Account account = await client.GetAccountAsync(newcomerKey.Address, Cancellation);
        Assert.InRange(account.Credits, 499_000UL, 499_999UL); // less the fee, which they paid
        Assert.Equal(0UL, account.Balance);
    }

    [Fact]
    public async Task Channel_FromOpeningToRefund_IsSeenByQueries()
    {
        await using NodeClient client = fixture.Network.Connect(1);
        using Wallet payer = new(client, fixture.Network.Genesis.ChainId, fixture.Owner);
        using PrivateKey deviceKey = PrivateKey.Generate(KeyScheme.P256);
        await RegisterAsync(payer, deviceKey);
        SubmitResult opened = await Final(payer.OpenChannelAsync(
            1, new Credits(1_000), deviceKey.Address, TimeProvider.System.GetUtcNow() + Life, Cancellation));
        ChannelId channel = ChannelId.OpenedBy(opened.Id!.Value);

        ChannelPayer paying = new(fixture.Owner, channel, new Credits(1_000));
        ChannelPayee paid = new(deviceKey, new ChannelTerms(channel, fixture.Owner.Address, deviceKey.Address, new Credits(1_000)));
        for (int i = 0; i < 3; i++)
            Assert.Equal(OfferVerdict.Accepted, paid.Accept(paying.TryPay(deviceKey.Address, new Credits(100), Hash256.Zero)!, new Credits(100), Hash256.Zero));
        SignedVoucher voucher = paid.Best!;
        SubmitResult forged = await payer.RedeemVoucherAsync(voucher with { Voucher = voucher.Voucher with { Credits = new Credits(999) } }, Cancellation);
        await Final(payer.RedeemVoucherAsync(voucher, Cancellation));

        Assert.Equal("bad-signature", forged.Reason);
        PaymentChannel seen = (await client.FindChannelAsync(channel, Cancellation))!;
        Assert.Equal((1_000UL, 700UL, 3UL), (seen.Deposit, seen.Left, seen.Shares[0].Nonce));
        Usage usage = (await client.FindUsageAsync(deviceKey.Address, 1, Cancellation))!;
        Assert.Equal((300UL, 300UL), (usage.Total, usage.OwnCredits)); // its owner paid
        Assert.Null(await client.FindUsageAsync(deviceKey.Address, 9, Cancellation));
        ListTransactionsResponse history = await client.ListTransactionsOfDeviceAsync(deviceKey.Address, new Page(10), Cancellation);
        Assert.Equal(2, history.Transactions.Count); // its registration, and the voucher

        await Final(payer.CloseChannelAsync(channel, Cancellation)); // he owns its only device, too
        Assert.Null(await client.FindChannelAsync(channel, Cancellation));
        SupplyAudit audit = await client.AuditSupplyAsync(Cancellation);
        Assert.True(audit.Conserved);
    }

    private static async Task<SubmitResult> Final(Task<SubmitResult> submission)
    {
        SubmitResult result = await submission;
        Assert.True(result.Succeeded, result.Explanation);
        return result;
    }

    private static async Task RegisterAsync(Wallet owner, PrivateKey device)
    {
        using PrivateKey manufacturer = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/manufacturer/0");
        Attestation attestation = Attestation.Make(manufacturer, 1, device.Scheme, device.PublicKey.Span);
        await Final(owner.RegisterDeviceAsync(device, service: 1, attestation, new DevicePlace(0, 0), Cancellation));
    }
}
