using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What a transaction costs and who pays: <c>fee of its class + ceil(bytes / feeBytesPerCredit)</c> credits, which are spent for good.</summary>
/// <remarks>
/// <para>The fee payer of the body pays if there is one, and has signed. Otherwise the sponsor of the message's service pays, within what
/// it grants a device per reward epoch; otherwise the signer's account, also with
/// what the transaction itself brings it (<see cref="BurnForCredits"/>). So a device that owns nothing works from its first minute.</para>
/// <para>A transaction that nobody can pay is refused or skipped without any change. One that is executed and fails has cost its fee.</para>
/// </remarks>
public static class Fee
{
    /// <summary>What the transaction costs under these parameters.</summary>
    public static Credits Of(ParametersRecord parameters, Transaction transaction)
    {
        ulong ofClass = parameters[Parameter.FeeTokens + (ushort)transaction.Body.Message.Class];
        ulong perCredit = parameters[Parameter.FeeBytesPerCredit];
        ulong ofBytes = perCredit == 0 ? 0 : ((ulong)transaction.Encoded.Length + perCredit - 1) / perCredit;
        return new Credits(ofClass + ofBytes);
    }

    /// <summary><see cref="Reason.None"/> if somebody can pay, else why not. Changes nothing.</summary>
    internal static Reason Check(ILedgerState state, Transaction transaction, ulong nowMs) => Find(state, transaction, nowMs, out _);

    /// <summary>Takes the fee of an admitted transaction.</summary>
    internal static void Charge(LedgerSession session, Transaction transaction, ulong nowMs)
    {
        Reason reason = Find(session, transaction, nowMs, out FeeSource source);
        Invariant.Check(reason == Reason.None, "The fee of an admitted transaction cannot be paid.");
        Credits fee = Of(session.Parameters, transaction);
        if (fee == Credits.Zero)
            return;
        if (source.Sponsor is { } service)
        {
            SponsorRecord sponsor = SponsorRecord.Find(session, service)!;
            session.Put(StateKey.Sponsor(service), sponsor with { Credits = sponsor.Credits - fee, Spent = sponsor.Spent + fee });
            if (source.Device is { } address)
            {
                DeviceRecord device = DeviceRecord.Get(session, address);
                session.PutDevice(address, device, Sponsored(session, device, fee));
            }
        }
        else
        {
            AccountRecord account = AccountRecord.Get(session, source.Account);
            session.PutAccount(source.Account, account with { Credits = account.Credits - fee });
            if (transaction.Body.Message.Uses is { } used)
                ServiceWork.AddBurned(session, used, fee);
        }
        session.SpendCredits(fee);
    }

    /// <summary>True if the signer can pay only with what the message will bring: then it is charged after the message is executed.</summary>
    internal static bool IsPaidFromProceeds(ILedgerState state, Transaction transaction, ulong nowMs)
    {
        Body body = transaction.Body;
        return body.FeePayer is null
            && body.Message.Brings(state, body.Signer, nowMs) != Credits.Zero
            && AccountRecord.Get(state, body.Signer).Credits < Of(ParametersRecord.Get(state), transaction);
    }

    private static Reason Find(ILedgerState state, Transaction transaction, ulong nowMs, out FeeSource source)
    {
        Body body = transaction.Body;
        source = new FeeSource(body.FeePayer ?? body.Signer);
        Credits fee = Of(ParametersRecord.Get(state), transaction);
        if (fee == Credits.Zero)
            return Reason.None;

        Reason refused = Reason.InsufficientCredits;
        if (body.FeePayer is null && body.Message.SponsoredBy(state, body.Signer) is { } service && SponsorRecord.Find(state, service) is { } sponsor)
        {
            Address? device = body.Message.SignedByDevice ? body.Signer : null;
            refused = CheckSponsor(state, sponsor, device, fee);
            if (refused == Reason.None)
            {
                source = source with { Sponsor = service, Device = device };
                return Reason.None;
            }
        }
        Credits available = AccountRecord.Get(state, source.Account).Credits;
        if (available < fee && body.FeePayer is null)
            available += body.Message.Brings(state, body.Signer, nowMs);
        return available >= fee ? Reason.None : refused;
    }

    private static Reason CheckSponsor(ILedgerState state, SponsorRecord sponsor, Address? device, Credits fee)
    {
        Credits used = device is { } address ? UsedOf(state, DeviceRecord.Get(state, address)) : Credits.Zero;
        if (used + fee > sponsor.QuotaPerEpoch)
            return Reason.SponsorQuotaExceeded;
        return sponsor.Credits >= fee ? Reason.None : Reason.SponsorEmpty;
    }

    private static DeviceRecord Sponsored(LedgerSession session, DeviceRecord device, Credits fee) => device with
    {
        SponsoredEpoch = EpochRecord.Get(session).Open,
        Sponsored = UsedOf(session, device) + fee,
    };

    // Of the quota of the open reward epoch.
    private static Credits UsedOf(ILedgerState state, DeviceRecord device) =>
        device.SponsoredEpoch == EpochRecord.Get(state).Open ? device.Sponsored : Credits.Zero;

    /// <summary>Who pays: an account, or a sponsor pool, and then for which device its quota counts; none: a registration.</summary>
    private readonly record struct FeeSource(Address Account, uint? Sponsor = null, Address? Device = null);
}
