using AppChain.Ledger;
using Google.Protobuf;
using Wire = AppChain.Protos.V1;

namespace AppChain.Node.Rpc;

/// <summary>The records of prices, channels and usage as clients see them.</summary>
public static class CreditForm
{
    public static Wire.Price Of(PriceView view, ulong timeMs, ulong height)
    {
        Wire.Price price = new()
        {
            Price_ = view.Price.MicroDollars,
            Basis = (Wire.Price.Types.Basis)view.Price.Basis,
            Median = view.Median ?? 0,
            CreditPrice = view.CreditPrice,
            CreditsPerToken = view.Price.MicroDollars / view.CreditPrice,
            TimeMs = timeMs,
            Height = height,
        };
        foreach (Crypto.Address reporter in view.Reporters.Accounts)
        {
            PriceReport report = view.Feed.Reports.FirstOrDefault(report => report.Reporter == reporter);
            price.Reports.Add(new Wire.PriceReport { Reporter = WireForm.Bytes(reporter), Price = report.Price, ObservedMs = report.ObservedMs });
        }
        return price;
    }

    public static Wire.PaymentChannel Of(ByteString id, ChannelRecord channel, ulong height)
    {
        Wire.PaymentChannel wire = new()
        {
            Channel = id,
            Payer = WireForm.Bytes(channel.Payer),
            Service = channel.Service,
            Device = channel.Device is { } device ? WireForm.Bytes(device) : ByteString.Empty,
            Deposit = channel.Deposit.Units,
            Left = channel.Left.Units,
            OpenedMs = channel.OpenedMs,
            ExpiresMs = channel.ExpiresMs,
            EndsMs = channel.EndsMs,
            Closing = channel.Closing,
            Disputed = channel.Disputed,
            Height = height,
        };
        foreach (ChannelShare share in channel.Shares)
        {
            wire.Shares.Add(new Wire.ChannelShare
            {
                Device = WireForm.Bytes(share.Device),
                Nonce = share.Nonce,
                Credits = share.Credits.Units,
                Barred = share.Barred,
            });
        }
        return wire;
    }

    public static Wire.Usage Of(DeviceUsage usage, ulong height) => new()
    {
        Epoch = usage.Epoch,
        Credits = usage.Credits.Units,
        OwnCredits = usage.OwnCredits.Units,
        Total = usage.Total.Units,
        Height = height,
    };
}
