using System;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// Creates a service that belongs to the signer, who pledges <see cref="Parameter.ServiceBond"/> for as long as it is there. Its number is
/// the next above all others. It shares in no rewards until governance gives it a weight.
/// </summary>
/// <param name="Definition">What it is about.</param>
/// <param name="SponsorQuota">What its sponsor pool will pay for one device in one reward epoch; zero: the chain's usual quota.</param>
public sealed record CreateService(ServiceDefinition Definition, Credits SponsorQuota) : Message
{
    internal const int Number = 40;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Services;

    internal override Spending Spends(ILedgerState state) =>
        new(new Amount(ParametersRecord.Get(state)[Parameter.ServiceBond]), Uncovered: Reason.ServiceBondNotCovered);

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Element(1, Definition.Encode());
        writer.UInt64(2, SponsorQuota.Units);
        return writer.ToArray();
    }

    internal static CreateService Read(ref WireReader reader)
    {
        if (!reader.TryElement(1, out ReadOnlySpan<byte> element))
            reader.Fail(Reason.ServiceOutOfBounds);
        WireReader inner = new(element);
        ServiceDefinition definition = ServiceDefinition.Read(ref inner);
        reader.Fail(inner.Finish());
        return new CreateService(definition, new Credits(reader.UInt64(2)));
    }

    internal override Reason CheckShape(Transaction transaction) => ServiceBounds.Allow(Definition) ? Reason.None : Reason.ServiceOutOfBounds;

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        if (AccountRecord.Find(state, signer) is not { } account)
            return Reason.UnknownAccount;
        ImmutableArray<uint> services = ServiceDirectory.Get(state).Services;
        if (services.Length >= LedgerLimits.ServicesMax || services is [.., uint.MaxValue])
            return Reason.TooManyServices;
        if (!ServiceRegistry.KnowsManufacturers(state, Definition))
            return Reason.UnknownManufacturer;
        return account.Balance.Grains >= ParametersRecord.Get(state)[Parameter.ServiceBond] ? Reason.None : Reason.ServiceBondNotCovered;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        Address owner = transaction.Body.Signer;
        Amount bond = new(session.Parameters[Parameter.ServiceBond]);
        AccountRecord.Debit(session, owner, bond);
        uint id = ServiceRegistry.Add(session, owner, bond, Definition);
        ServiceRegistry.SetQuota(session, id, SponsorQuota);
        return Outcome.Applied;
    }
}
