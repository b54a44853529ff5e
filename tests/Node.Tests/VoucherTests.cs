using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;

namespace Node.Tests;

/// <summary>Both sides of a channel, off chain.</summary>
public sealed class VoucherTests : IDisposable
{
    private static readonly ChannelId Channel = ChannelId.OpenedBy(Hashing.Sha256([1]));
    private static readonly Hash256 Receipt = Hashing.Sha256([2]);

    private readonly PrivateKey payerKey = PrivateKey.FromSeed(KeyScheme.Secp256k1, "vouchers/payer");
    private readonly PrivateKey deviceKey = PrivateKey.FromSeed(KeyScheme.P256, "vouchers/device");
    private readonly ChannelPayer payer;
    private readonly ChannelPayee payee;

    public VoucherTests()
    {
        payer = new ChannelPayer(payerKey, Channel, new Credits(100));
        payee = new ChannelPayee(deviceKey, new ChannelTerms(Channel, payerKey.Address, deviceKey.Address, new Credits(100)));
    }

    public void Dispose()
    {
        payerKey.Dispose();
        deviceKey.Dispose();
    }

    [Fact]
    public void Offers_OneAfterTheOther_AreCountersignedAndAddUp()
    {
        Assert.Equal(OfferVerdict.Accepted, payee.Accept(Offer(30), new Credits(30), Receipt));
        Assert.Equal(OfferVerdict.Accepted, payee.Accept(Offer(12), new Credits(12), Receipt));

        SignedVoucher best = payee.Best!;
        Assert.Equal((2UL, 42UL), (best.Voucher.Nonce, best.Voucher.Credits.Units));
        Assert.All([best.Payer, best.Device], signature =>
            Assert.True(SignatureVerifier.Verify(signature.Scheme, signature.PublicKey.Span, best.Voucher.Digest(), signature.Value.Span)));
    }

    [Fact]
    public void Offer_ThroughItsBytes_IsTheSame()
    {
        VoucherOffer offer = Offer(30);

        Assert.Equal(Reason.None, VoucherOffer.TryDecode(offer.Encode(), out VoucherOffer? read));
        Assert.Equal(OfferVerdict.Accepted, payee.Accept(read!, new Credits(30), Receipt));
        Assert.Equal(Reason.None, SignedVoucher.TryDecode(payee.Best!.Encode(), out SignedVoucher? signed));
        Assert.Equal(payee.Best.Encode(), signed!.Encode());
        Assert.NotEqual(Reason.None, SignedVoucher.TryDecode(offer.Encode(), out _)); // half a voucher is none
    }

    [Fact]
    public void Payer_BeyondTheDeposit_PromisesNothing()
    {
        Assert.NotNull(payer.TryPay(deviceKey.Address, new Credits(100), Receipt));
        Assert.Null(payer.TryPay(payerKey.Address, new Credits(1), Receipt));
        Assert.Equal(100UL, payer.Promised.Units);
    }

    [Fact]
    public void Payer_AfterARestart_GoesOnWhereItStood()
    {
        Voucher last = Offer(30).Voucher;
        ChannelPayer again = new(payerKey, Channel, new Credits(100), last);

        Voucher next = again.TryPay(deviceKey.Address, new Credits(5), Receipt)!.Voucher;

        Assert.Equal((2UL, 35UL), (next.Nonce, next.Credits.Units));
        Assert.False(next.Contradicts(last));
        Assert.Null(again.TryPay(deviceKey.Address, new Credits(66), Receipt));
    }

    [Fact]
    public void Payee_LooksAtEveryPartOfAnOffer()
    {
        Assert.Equal(OfferVerdict.Accepted, payee.Accept(Offer(30), new Credits(30), Receipt));
        VoucherOffer good = Offer(10);
        Voucher voucher = good.Voucher;

        Assert.Equal(OfferVerdict.NotForUs, Judge(voucher with { Channel = ChannelId.OpenedBy(Hash256.Zero) }));
        Assert.Equal(OfferVerdict.NotForUs, Judge(voucher with { Device = payerKey.Address }));
        Assert.Equal(OfferVerdict.NotNewer, Judge(voucher with { Nonce = 1 }));
        Assert.Equal(OfferVerdict.NotNewer, Judge(voucher with { Credits = new Credits(29) }));
        Assert.Equal(OfferVerdict.NotCovered, Judge(voucher with { Credits = new Credits(101) }));
        Assert.Equal(OfferVerdict.TooLittle, Judge(voucher with { Credits = new Credits(39) }));
        Assert.Equal(OfferVerdict.OtherReceipt, Judge(voucher with { Receipt = Hash256.Zero }));
        Assert.Equal(OfferVerdict.NotThePayers, payee.Accept(VoucherOffer.By(deviceKey, voucher), new Credits(10), Receipt));
        Assert.Equal(OfferVerdict.NotThePayers, payee.Accept(good with { Voucher = voucher with { Credits = new Credits(50) } }, new Credits(10), Receipt));
        Assert.Equal(30UL, payee.Promised.Units);
        Assert.Equal(OfferVerdict.Accepted, payee.Accept(good, new Credits(10), Receipt));
    }

    private VoucherOffer Offer(ulong credits) => payer.TryPay(deviceKey.Address, new Credits(credits), Receipt)!;

    private OfferVerdict Judge(Voucher voucher) => payee.Accept(VoucherOffer.By(payerKey, voucher), new Credits(10), Receipt);
}
