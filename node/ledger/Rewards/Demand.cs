using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What users pay for is counted here, whatever kind of service they pay: the one way in which spent credits become demand and earn rewards.</summary>
/// <remarks>
/// <list type="number">
/// <item>Credits count with the tokens that were burned for them (<see cref="CreditCost"/>): those that nobody burned anything for count nothing.</item>
/// <item>Who pays for his own device, as its owner or as one of its payees, has only <see cref="Parameter.OwnUsageRate"/> of it counted as its usage.</item>
/// <item>The caller has spent the credits (<see cref="LedgerSession.SpendCredits"/>), and keeps no copy of the device's or the payer's record across the call: it
/// changes both.</item>
/// </list>
/// </remarks>
internal static class Demand
{
    /// <summary>
    /// A user's credits were spent on one device's work for a service. Counts as the service's demand and as the device's usage of the open reward
    /// epoch; a device that is not enrolled there any more earns nothing by it.
    /// </summary>
    /// <param name="payer">The account whose credits they were.</param>
    public static void Served(LedgerSession session, uint service, Address device, Address payer, Credits spent)
    {
        if (spent == Credits.Zero)
            return;
        Amount cost = AccountRecord.SpendCost(session, payer, spent);
        ServiceWork.AddBurned(session, service, spent, cost);
        if (DeviceRecord.Find(session, device) is not { } before || before.In(service) is not { } enrollment)
            return;
        bool isOwn = before.Owner == payer || before.Payees.Any(payee => payee.Account == payer);
        DeviceUsage.Add(session, device, service, spent, isOwn);
        Amount usage = isOwn ? cost.Share(session.Parameters[Parameter.OwnUsageRate], Parameters.Million) : cost;
        if (usage == Amount.Zero)
            return;

        DeviceRecord record = Settlement.Settle(session, device, before, enrollment);
        enrollment = record.In(service)!;
        ulong epoch = EpochRecord.Get(session).Open;
        session.PutDevice(device, before, record.With(enrollment with { Work = enrollment.Work.WithUsage(epoch, usage) }));
        ServiceWork.AddServed(session, service, spent, usage);
        session.Add(new ServedWork(device, service, epoch, spent, usage));
    }

    /// <summary>A user paid a fee for a message by which the service is used: demand for it, and no device's usage.</summary>
    public static void Used(LedgerSession session, uint service, Credits fee, Amount cost) => ServiceWork.AddBurned(session, service, fee, cost);
}
