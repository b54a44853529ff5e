using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// Asks workers of a service to compute something, and locks two prices for it: one comes back unless two workers computed the same. The job's id is the
/// transaction's.
/// </summary>
/// <param name="Service">A service of kind compute.</param>
/// <param name="Input">The hash of what is computed on; where it is found, the service says.</param>
/// <param name="Specification">The hash of what is computed.</param>
/// <param name="Price">Credits for each worker whose result is the job's.</param>
/// <param name="Seal">
/// <see cref="ComputeScoring.Commit"/> of the work, the client, a result that the client knows and a salt; or any 32 bytes if it knows none. So workers cannot
/// tell canaries from other jobs.
/// </param>
public sealed record PostJob(uint Service, Hash256 Input, Hash256 Specification, Credits Price, Hash256 Seal) : Message
{
    internal const int Number = 102;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Demand;

    internal override uint? Uses => Service;

    internal override Spending Spends(ILedgerState state) => new(Amount.Zero, Locked);

    private Credits Locked => new(Price.Units * JobRecord.PricesLocked);

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, Service);
        writer.Bytes(2, Input.Bytes);
        writer.Bytes(3, Specification.Bytes);
        writer.UInt64(4, Price.Units);
        writer.Bytes(5, Seal.Bytes);
        return writer.ToArray();
    }

    internal static PostJob Read(ref WireReader reader) =>
        new(reader.UInt32(1), reader.Hash(2), reader.Hash(3), new Credits(reader.UInt64(4)), reader.Hash(5));

    internal override Reason CheckShape(Transaction transaction) =>
        Price != Credits.Zero && (UInt128)Price.Units * JobRecord.PricesLocked <= LedgerLimits.CreditsIssuedMax ? Reason.None : Reason.JobOutOfBounds;

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        if (AccountRecord.Find(state, signer) is null)
            return Reason.UnknownAccount;
        if (ServiceRecord.Find(state, Service) is not { } service)
            return Reason.UnknownService;
        return service.Kind == ProofKind.Compute ? Reason.None : Reason.NotOfThisKind;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        Address client = transaction.Body.Signer;
        AccountRecord account = AccountRecord.Get(session, client);
        if (account.Credits < Locked)
            return new Outcome(Reason.TooFewCredits);
        ServiceDefinition definition = session.Service(Service).Definition;
        JobRecord job = new()
        {
            Client = client,
            Service = Service,
            Price = Price,
            Slash = definition.DeviceBond.Share(ComputeTerms.Decode(definition.KindParameters).SlashPpm, Parameters.Million),
            Input = Input,
            Specification = Specification,
            Seal = Seal,
            EndsMs = context.TimeMs + session.Parameters[Parameter.ComputeOfferMs],
        };
        session.PutAccount(client, account with { Credits = account.Credits - Locked });
        session.Put(StateKey.Job(transaction.Id), job);
        Jobs.EnqueueOffers(session, transaction.Id, job);
        return Outcome.Applied;
    }
}
