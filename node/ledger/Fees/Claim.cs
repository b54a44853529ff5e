using System.Collections.Generic;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What several transactions may count on, and only so many can have.</summary>
public enum Purse
{
    /// <summary>An account's tokens, in grains.</summary>
    Tokens,

    /// <summary>An account's credits.</summary>
    Credits,

    /// <summary>All that a service's sponsor pool holds, in credits.</summary>
    Pool,

    /// <summary>What a sponsor pool grants one device, or the registrations of one owner, in the open reward epoch, in credits.</summary>
    Quota,

    /// <summary>A burn whose fee is to be paid with what it brings: an account has one at a time.</summary>
    Proceeds,

    /// <summary>What is decided about one thing, see <see cref="Message.Decides"/>: once at a time.</summary>
    Decision,

    /// <summary>Room for transactions of a class in one block.</summary>
    Room,
}

/// <summary>Which purse: of whom, for which service or class, about which record.</summary>
public readonly record struct PurseKey(Purse Purse, Address Owner = default, uint Number = 0, StateKey About = default);

/// <summary>
/// What a transaction counts on: it is skipped, without a fee, by a block in which others have taken that first. For a node's pool, which admits
/// none that those under way may leave without. Claims hold for the state that they were read from.
/// </summary>
/// <param name="Key">Of what.</param>
/// <param name="Needs">What must be there when it is executed; 0: it fails and pays its fee if too little is there.</param>
/// <param name="Takes">What may be gone for others once it is executed.</param>
/// <param name="Available">What there is in this state.</param>
/// <param name="Refusal">
/// Why a transaction is refused that cannot have what it needs; <see cref="Reason.None"/>: it may come again in a moment.
/// </param>
public readonly record struct Claim(PurseKey Key, ulong Needs, ulong Takes, ulong Available, Reason Refusal);

/// <summary>Everything that an admitted transaction counts on.</summary>
public static class Claims
{
    /// <summary>The claims of a transaction that <see cref="Admission.Check"/> has just found nothing against.</summary>
    /// <param name="fee">What admission found that it costs.</param>
    public static List<Claim> Of(ILedgerState state, Transaction transaction, in FeeQuote fee)
    {
        (Message message, Address signer) = (transaction.Body.Message, transaction.Body.Signer);
        List<Claim> claims = [OfRoom(state, message.Class)];
        foreach ((StateKey about, Address part) in message.Decides(signer))
            claims.Add(new Claim(new PurseKey(Purse.Decision, part, About: about), 1, 1, 1, Reason.AnotherUnderWay));
        AddFee(claims, state, signer, fee);

        Spending spends = message.Spends(state);
        if (spends.Tokens != Amount.Zero)
        {
            (ulong tokens, ulong balance) = (spends.Tokens.Grains, AccountRecord.Get(state, signer).Balance.Grains);
            Reason uncovered = fee.FromProceeds ? Reason.InsufficientCredits : spends.Uncovered;
            claims.Add(new Claim(new PurseKey(Purse.Tokens, signer), uncovered == Reason.None ? 0 : tokens, tokens, balance, uncovered));
        }
        if (spends.Credits != Credits.Zero)
        {
            ulong credits = AccountRecord.Get(state, signer).Credits.Units;
            claims.Add(new Claim(new PurseKey(Purse.Credits, signer), 0, spends.Credits.Units, credits, Reason.None));
        }
        return claims;
    }

    private static Claim OfRoom(ILedgerState state, TransactionClass of)
    {
        ulong room = ParametersRecord.Get(state)[Parameter.BlockTokens + (ushort)of];
        return new Claim(new PurseKey(Purse.Room, Number: (uint)of), 1, 1, room, Reason.None);
    }

    private static void AddFee(List<Claim> claims, ILedgerState state, Address signer, in FeeQuote fee)
    {
        (ulong cost, ulong available) = (fee.Fee.Units, fee.Available.Units);
        if (cost == 0)
            return;
        if (fee.Payer.Sponsor is not { } service)
        {
            claims.Add(new Claim(new PurseKey(Purse.Credits, fee.Payer.Account), cost, cost, available, Reason.InsufficientCredits));
            if (fee.FromProceeds)
                claims.Add(new Claim(new PurseKey(Purse.Proceeds, signer), 1, 1, 1, Reason.InsufficientCredits));
            return;
        }
        Credits pool = SponsorRecord.Find(state, service)?.Credits ?? Credits.Zero;
        claims.Add(new Claim(new PurseKey(Purse.Pool, Number: service), cost, cost, pool.Units, Reason.SponsorEmpty));
        Address quotaOf = fee.Payer.Device ?? signer;
        claims.Add(new Claim(new PurseKey(Purse.Quota, quotaOf, service), cost, cost, available, Reason.SponsorQuotaExceeded));
    }
}
