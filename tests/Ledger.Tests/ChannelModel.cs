using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>
/// What channels should do, told once more in the plainest way: no records, no queues, no keys. The executor is compared with it.
/// </summary>
internal sealed class ChannelModel
{
    private readonly Dictionary<Address, ulong> credits;
    private readonly Dictionary<ChannelId, Pot> pots = [];

    public ChannelModel(IEnumerable<(Address Account, ulong Credits)> accounts) =>
        credits = accounts.ToDictionary(account => account.Account, account => account.Credits);

    /// <summary>Spent so far.</summary>
    public ulong Spent { get; private set; }

    /// <summary>Spent so far on each device, as far as it counts for it.</summary>
    public Dictionary<Address, ulong> Usage { get; } = [];

    public ulong CreditsOf(Address account) => credits[account];

    public ulong? LeftOf(ChannelId channel) => pots.TryGetValue(channel, out Pot? pot) ? pot.Left : null;

    /// <summary>Time goes on: what is over ends when somebody has been told to look.</summary>
    public void Tick(ulong nowMs)
    {
        foreach ((ChannelId channel, Pot pot) in pots.ToList())
        {
            bool looked = pot.LookAt.RemoveAll(at => at <= nowMs) > 0;
            if (looked && pot.Ends <= nowMs)
                End(channel);
        }
    }

    public Reason Open(ChannelId channel, Address payer, Address? only, ulong amount, ulong expires, ulong nowMs)
    {
        if (credits[payer] < amount)
            return Reason.TooFewCredits;
        if (expires <= nowMs || expires > nowMs + CreditWorlds.LifetimeMaxMs)
            return Reason.ChannelExpiryOutOfRange;
        credits[payer] -= amount;
        pots[channel] = new Pot(payer, only, amount, expires) { Ends = expires, LookAt = [nowMs + CreditWorlds.LifetimeMaxMs] };
        return Reason.None;
    }

    public Reason Redeem(Voucher voucher, ulong nowMs)
    {
        if (Refused(voucher, out Pot? pot) is var refused && refused != Reason.None)
            return refused;
        if (nowMs >= pot!.Ends)
            return Reason.ChannelEnded;
        Pay(pot, voucher, counts: true);
        return Reason.None;
    }

    public Reason Close(ChannelId channel, Address by, Address ownerOfDevices, ulong nowMs)
    {
        if (!pots.TryGetValue(channel, out Pot? pot))
            return Reason.UnknownChannel;
        bool payee = pot.Only is not null && by == ownerOfDevices;
        if (by != pot.Payer && !payee)
            return Reason.NotAPartyOfChannel;
        if (payee || nowMs >= pot.Ends)
        {
            End(channel);
            return Reason.None;
        }
        if (pot.Closing)
            return Reason.ChannelAlreadyClosing;
        Challenge(pot, nowMs);
        return Reason.None;
    }

    public Reason Dispute(Voucher voucher, Voucher? other, ulong nowMs)
    {
        if (other is null && Refused(voucher, out _) is var refused && refused != Reason.None)
            return refused;
        if (!pots.TryGetValue(voucher.Channel, out Pot? pot))
            return Reason.UnknownChannel;
        if (pot.Only is { } only && only != voucher.Device)
            return Reason.DeviceNotPayable;
        if (nowMs >= pot.Ends)
            return Reason.ChannelEnded;
        if (pot.Disputed)
            return Reason.ChannelAlreadyDisputed;
        if (other is null && !pot.Closing)
            return Reason.NothingToDispute;
        pot.Disputed = true;
        Voucher highest = other is null ? voucher : new[] { voucher, other }.MaxBy(one => (one.Nonce, one.Credits.Units))!;
        Pay(pot, highest, counts: other is null);
        if (other is not null)
            pot.Barred.Add(voucher.Device);
        Challenge(pot, nowMs);
        return Reason.None;
    }

    private Reason Refused(Voucher voucher, out Pot? pot)
    {
        if (!pots.TryGetValue(voucher.Channel, out pot))
            return Reason.UnknownChannel;
        if (pot.Only is { } only && only != voucher.Device)
            return Reason.DeviceNotPayable;
        if (pot.Barred.Contains(voucher.Device))
            return Reason.DeviceBarred;
        (ulong nonce, ulong paid) = pot.Paid.GetValueOrDefault(voucher.Device);
        if (voucher.Nonce <= nonce || voucher.Credits.Units <= paid)
            return Reason.VoucherSuperseded;
        return pot.Left == 0 ? Reason.ChannelExhausted : Reason.None;
    }

    private void Pay(Pot pot, Voucher voucher, bool counts)
    {
        (ulong nonce, ulong before) = pot.Paid.GetValueOrDefault(voucher.Device);
        ulong after = Math.Max(before, Math.Min(voucher.Credits.Units, before + pot.Left));
        pot.Left -= after - before;
        pot.Paid[voucher.Device] = (Math.Max(nonce, voucher.Nonce), after);
        Spent += after - before;
        if (counts)
            Usage[voucher.Device] = Usage.GetValueOrDefault(voucher.Device) + after - before;
    }

    private static void Challenge(Pot pot, ulong nowMs)
    {
        pot.Closing = true;
        pot.Ends = Math.Min(pot.Expires, nowMs + CreditWorlds.ChallengeMs);
        pot.LookAt.Add(nowMs + CreditWorlds.ChallengeMs);
    }

    private void End(ChannelId channel)
    {
        credits[pots[channel].Payer] += pots[channel].Left;
        pots.Remove(channel);
    }

    private sealed class Pot(Address payer, Address? only, ulong left, ulong expires)
    {
        public Address Payer { get; } = payer;

        public Address? Only { get; } = only;

        public ulong Left { get; set; } = left;

        public ulong Expires { get; } = expires;

        public ulong Ends { get; set; }

        public bool Closing { get; set; }

        public bool Disputed { get; set; }

        public List<ulong> LookAt { get; init; } = [];

        public Dictionary<Address, (ulong Nonce, ulong Credits)> Paid { get; } = [];

        public HashSet<Address> Barred { get; } = [];
    }
}
