using AppChain.Client;
using AppChain.Crypto;
using AppChain.Devnet.Chain;
using AppChain.Ledger;
using Grpc.Core;

namespace AppChain.Devnet.Audit;

/// <summary>
/// Who pays for the devices' work: users without devices, and the devices' owner, of whose payments only a part counts. Each burns tokens for credits,
/// opens channels, and redeems a voucher every now and then.
/// </summary>
internal sealed class AuditPayers : IDisposable
{
    private readonly List<Payer> payers = [];
    private readonly PrivateKey[] devices;
    private readonly uint service;
    private readonly TimeProvider time;

    /// <param name="devices">Keys of the devices that are paid, which stay the caller's.</param>
    public AuditPayers(IReadOnlyList<NodeClient> nodes, ChainId chain, uint service, PrivateKey[] devices, int seed, TimeProvider time)
    {
        (this.service, this.devices, this.time) = (service, devices, time);
        for (int number = 0; number <= AuditLimits.Users; number++)
        {
            PrivateKey key = number == 0 ? DevnetKeys.Owner() : PrivateKey.FromSeed(KeyScheme.Secp256k1, $"appchain-devnet/user/{number}");
            NodeClient node = nodes[number % nodes.Count];
            payers.Add(new Payer(key, node, new Wallet(node, chain, key, time), new Random(seed + number)));
        }
    }

    /// <summary>Vouchers redeemed by now.</summary>
    public long Redeemed => payers.Sum(static payer => payer.Redeemed);

    /// <summary>Gives users tokens of the owner's, burns, and opens a channel for every sixteen devices.</summary>
    /// <exception cref="DevnetException">The chain refused something.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        foreach (Payer user in payers.Skip(1))
            Require(await payers[0].Wallet.TransferAsync(user.Key.Address, Amount.FromTokens(2 * AuditLimits.TokensBurned), cancellation), "a transfer");
        foreach (Payer payer in payers)
        {
            Require(await payer.Wallet.BurnForCreditsAsync(Amount.FromTokens(AuditLimits.TokensBurned), default, cancellation), "a burn");
            Protos.V1.Account account = await payer.Node.GetAccountAsync(payer.Key.Address, cancellation);
            int channels = (devices.Length + LedgerLimits.ChannelDevicesMax - 1) / LedgerLimits.ChannelDevicesMax;
            // A tenth is left for fees.
            Credits deposit = new(account.CreditsBought / (ulong)channels * 9 / 10);
            for (int i = 0; i < channels; i++)
            {
                SubmitResult opened = await payer.Wallet.OpenChannelAsync(service, deposit, device: null, time.GetUtcNow() + AuditLimits.ChannelLife, cancellation);
                Require(opened, "a channel");
                payer.Channels.Add(new ChannelPayer(payer.Key, ChannelId.OpenedBy(opened.Id!.Value), deposit));
            }
        }
    }

    /// <summary>Pays until it is told to stop.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(payers.Select(payer => PayAsync(payer, stop)));

    public void Dispose()
    {
        foreach (Payer payer in payers)
        {
            payer.Wallet.Dispose();
            payer.Key.Dispose();
        }
    }

    private async Task PayAsync(Payer payer, CancellationToken stop)
    {
        using PeriodicTimer timer = new(AuditLimits.VoucherInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                int number = payer.Random.Next(devices.Length);
                Credits credits = new((ulong)payer.Random.Next(1, AuditLimits.VoucherCreditsMax));
                ChannelPayer channel = payer.Channels[number / LedgerLimits.ChannelDevicesMax];
                if (channel.TryPay(devices[number].Address, credits, default) is not { } offer)
                    return; // all is spent
                // One that got lost is made good by the next one, which promises all that this one did.
                if ((await payer.Wallet.RedeemVoucherAsync(offer.CountersignedBy(devices[number]), stop)).Succeeded)
                    payer.Redeemed++;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or RpcException && stop.IsCancellationRequested)
        {
            // The run is over; whatever is under way becomes final or not.
        }
    }

    private static void Require(SubmitResult result, string what)
    {
        if (!result.Succeeded)
            throw new DevnetException($"{what} of a paying user failed: {result.Stage} {result.Reason}. {result.Explanation}");
    }

    private sealed class Payer(PrivateKey key, NodeClient node, Wallet wallet, Random random)
    {
        public PrivateKey Key => key;

        public NodeClient Node => node;

        public Wallet Wallet => wallet;

        public Random Random => random;

        public List<ChannelPayer> Channels { get; } = [];

        public long Redeemed { get; set; }
    }
}
