using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What a transaction costs and who pays: <c>fee of its class + ceil(bytes / feeBytesPerCredit)</c> credits, which are spent for good.</summary>
/// <remarks>
/// <para>The fee payer of the body pays if there is one, and has signed. Otherwise the sponsor of the message's service pays, within what
/// it grants a device per reward epoch; otherwise the signer's account. So a device that owns nothing works from its first minute.</para>
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
    internal static Reason Check(ILedgerState state, Transaction transaction) => Find(state, transaction, out _);

    /// <summary>Takes the fee of an admitted transaction.</summary>
    internal static void Charge(LedgerSession session, Transaction transaction)
    {
        Reason reason = Find(session, transaction, out FeeSource source);
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
                session.PutDevice(address, device, device.With(Sponsored(session, device.In(service)!, fee)));
            }
        }
        else
        {
            AccountRecord account = AccountRecord.Get(session, source.Account);
            session.PutAccount(source.Account, account with { Credits = account.Credits - fee });
        }
        session.SpendCredits(fee);
    }

    private static Reason Find(ILedgerState state, Transaction transaction, out FeeSource source)
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
            Credits used = device is { } address ? UsedOf(state, DeviceRecord.Get(state, address).In(service)!) : Credits.Zero;
            refused = CheckSponsor(sponsor, used, fee);
            if (refused == Reason.None)
            {
                source = source with { Sponsor = service, Device = device };
                return Reason.None;
            }
        }
        return AccountRecord.Get(state, source.Account).Credits >= fee ? Reason.None : refused;
    }

    private static Reason CheckSponsor(SponsorRecord sponsor, Credits used, Credits fee)
    {
        if (used + fee > sponsor.QuotaPerEpoch)
            return Reason.SponsorQuotaExceeded;
        return sponsor.Credits >= fee ? Reason.None : Reason.SponsorEmpty;
    }

    private static Enrollment Sponsored(LedgerSession session, Enrollment enrollment, Credits fee) => enrollment with
    {
        SponsoredEpoch = EpochRecord.Get(session).Open,
        Sponsored = UsedOf(session, enrollment) + fee,
    };

    // Of the quota of the open reward epoch.
    private static Credits UsedOf(ILedgerState state, Enrollment enrollment) =>
        enrollment.SponsoredEpoch == EpochRecord.Get(state).Open ? enrollment.Sponsored : Credits.Zero;

    /// <summary>Who pays: an account, or a sponsor pool, and then for which device its quota counts; none: a registration.</summary>
    private readonly record struct FeeSource(Address Account, uint? Sponsor = null, Address? Device = null);
}
