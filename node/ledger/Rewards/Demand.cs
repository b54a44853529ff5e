using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What users pay for is counted here, whatever kind of service they pay: the one way in which spent credits become demand.</summary>
/// <remarks>The caller has taken the credits from wherever they were and spent them (<see cref="LedgerSession.SpendCredits"/>).</remarks>
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
        ServiceWork.AddBurned(session, service, spent);
        if (DeviceRecord.Find(session, device) is not { } record || record.In(service) is null)
            return;
        DeviceUsage.Add(session, device, service, spent, byOwner: record.Owner == payer);
    }
}
