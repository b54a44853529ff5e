using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What deals and jobs share: a device that pledged a bond works for a client who locked credits.</summary>
internal static class PledgedWork
{
    /// <summary>Whether a device may take on work of a service: it works there, does not leave, and its bond is whole.</summary>
    /// <param name="lacks">Its bond is as good as whole if less than this was burned of it.</param>
    public static Reason CheckWorker(ILedgerState state, ServiceRecord service, Address device, Amount lacks = default)
    {
        if (DeviceRecord.Find(state, device) is not { } record)
            return Reason.UnknownDevice;
        if (record.In(service.Id) is not { Leaving: false } enrollment)
            return Reason.NotEnrolled;
        if (DeviceOwnership.IsRevoked(state, record))
            return Reason.DeviceRevoked;
        return Covers(enrollment.Bond, service, lacks) ? Reason.None : Reason.BondTooSmall;
    }

    /// <summary>True if a bond is what the service asks for, or less than <paramref name="lacks"/> below it.</summary>
    public static bool Covers(Amount bond, ServiceRecord service, Amount lacks)
    {
        Amount asked = service.Definition.DeviceBond;
        return bond >= asked || asked - bond < lacks;
    }

    /// <summary>
    /// True if a bond can pay for this work and for all that its device has open in the service: else one bond would stand for any number of lies.
    /// </summary>
    public static bool CoversAll(ILedgerState state, uint service, Address device, Amount bond, Amount slash) =>
        bond.Grains >= (UInt128)slash.Grains * (OpenWorkRecord.Of(state, device, service) + 1);

    /// <summary>Spends locked credits on a device's work: demand for the service, and usage of the device.</summary>
    public static void Pay(LedgerSession session, uint service, Address device, Address client, Credits credits)
    {
        if (credits == Credits.Zero)
            return;
        session.SpendCredits(credits);
        session.Touch(StateKind.Account, client);
        session.Touch(StateKind.Device, device);
        Demand.Served(session, service, device, client, credits);
    }

    /// <summary>Burns of a device's bond, at most what is left of it.</summary>
    public static void Burn(LedgerSession session, uint service, Address device, Amount amount)
    {
        DeviceRecord before = DeviceRecord.Get(session, device);
        Enrollment enrollment = before.In(service) ?? throw new LedgerInvariantException("A device with open work does not work for the service.");
        Amount burned = Amount.Min(enrollment.Bond, amount);
        if (burned == Amount.Zero)
            return;
        session.PutDevice(device, before, before.With(enrollment with { Bond = enrollment.Bond - burned }));
        SupplyRecord.Burn(session, burned);
    }
}
