using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What a transaction costs and who pays: <c>fee of its class + ceil(bytes / feeBytesPerCredit)</c> credits, which are spent for good.</summary>
/// <remarks>
/// <para>The fee payer of the body pays if there is one, and has signed. Otherwise the sponsor of the message's service pays, within what
/// it grants a device per reward epoch; otherwise the signer's account, also with what the transaction itself brings it
/// (<see cref="BurnForCredits"/>). So a device that owns nothing works from its first minute, and who has tokens needs no credits to begin with.</para>
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

    /// <summary>What the transaction costs, who pays, and how much the payer has for it. Changes nothing.</summary>
    /// <remarks>
    /// For a node's pool: transactions under way that one payer could each pay alone, but not together, would fill blocks for free.
    /// </remarks>
    /// <param name="nowMs">Unix time in ms: what a burn brings depends on the price.</param>
    public static FeeQuote Quote(ILedgerState state, Transaction transaction, ulong nowMs)
    {
        Body body = transaction.Body;
        Credits fee = Of(ParametersRecord.Get(state), transaction);
        FeePayer signer = new(body.FeePayer ?? body.Signer);
        if (fee == Credits.Zero)
            return new FeeQuote(Reason.None, signer, fee, fee);

        Reason refused = Reason.InsufficientCredits;
        if (body.FeePayer is null && body.Message.SponsoredBy(state, body.Signer) is { } service && SponsorRecord.Find(state, service) is { } sponsor)
        {
            Address? device = body.Message.SignedByDevice ? body.Signer : null;
            Credits used = device is { } address ? UsedOf(state, DeviceRecord.Get(state, address).In(service)!) : Credits.Zero;
            if (used + fee > sponsor.QuotaPerEpoch)
                refused = Reason.SponsorQuotaExceeded;
            else if (fee > sponsor.Credits)
                refused = Reason.SponsorEmpty;
            else
                return new FeeQuote(Reason.None, new FeePayer(body.Signer, service, device), fee, sponsor.QuotaPerEpoch - used);
        }
        Credits own = AccountRecord.Get(state, signer.Account).Credits;
        bool fromProceeds = own < fee && body.FeePayer is null;
        if (fromProceeds)
            own += body.Message.Brings(state, body.Signer, nowMs);
        return new FeeQuote(own >= fee ? Reason.None : refused, signer, fee, own, fromProceeds);
    }

    /// <summary>Takes the fee of an admitted transaction.</summary>
    /// <param name="used">The service that the message uses and pays so: <see cref="Message.Uses"/>.</param>
    internal static void Charge(LedgerSession session, in FeeQuote quote, uint? used)
    {
        Invariant.Check(quote.Reason == Reason.None, "The fee of an admitted transaction cannot be paid.");
        if (quote.Fee == Credits.Zero)
            return;
        if (quote.Payer.Sponsor is { } service)
            ChargeSponsor(session, service, quote);
        else
            ChargeAccount(session, quote, used);
        session.SpendCredits(quote.Fee);
    }

    private static void ChargeAccount(LedgerSession session, FeeQuote quote, uint? used)
    {
        AccountRecord account = AccountRecord.Get(session, quote.Payer.Account);
        CreditCost left = account.Cost.Spend(quote.Fee, out Amount cost);
        session.PutAccount(quote.Payer.Account, account with { Credits = account.Credits - quote.Fee, Cost = left });
        if (used is { } service)
            Demand.Used(session, service, quote.Fee, cost);
    }

    private static void ChargeSponsor(LedgerSession session, uint service, FeeQuote quote)
    {
        SponsorRecord sponsor = SponsorRecord.Find(session, service)!;
        session.Put(StateKey.Sponsor(service), sponsor with { Credits = sponsor.Credits - quote.Fee, Spent = sponsor.Spent + quote.Fee });
        if (quote.Payer.Device is not { } address)
            return;
        DeviceRecord device = DeviceRecord.Get(session, address);
        Enrollment enrollment = device.In(service)!;
        session.PutDevice(address, device, device.With(enrollment with
        {
            SponsoredEpoch = EpochRecord.Get(session).Open,
            Sponsored = UsedOf(session, enrollment) + quote.Fee,
        }));
    }

    // Of the quota of the open reward epoch.
    private static Credits UsedOf(ILedgerState state, Enrollment enrollment) =>
        enrollment.SponsoredEpoch == EpochRecord.Get(state).Open ? enrollment.Sponsored : Credits.Zero;
}

/// <summary>Who pays a fee.</summary>
/// <param name="Account">The account that pays; with a sponsor: the signer, who does not.</param>
/// <param name="Sponsor">The service whose sponsor pool pays, or null.</param>
/// <param name="Device">The device whose quota that counts in; null: a registration, or no sponsor.</param>
public readonly record struct FeePayer(Address Account, uint? Sponsor = null, Address? Device = null);

/// <summary>What a transaction costs.</summary>
/// <param name="Reason"><see cref="Reason.None"/> if the payer can pay it now, else why not.</param>
/// <param name="Payer">Who pays.</param>
/// <param name="Fee">How much.</param>
/// <param name="Available">What the payer has for it: the account's credits, or what is left of the device's quota.</param>
/// <param name="FromProceeds">The signer can pay only with what the message will bring: it is charged after the message is executed.</param>
public readonly record struct FeeQuote(Reason Reason, FeePayer Payer, Credits Fee, Credits Available, bool FromProceeds = false);
