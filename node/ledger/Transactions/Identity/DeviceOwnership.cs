using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What every message asks that an owner signs about a device.</summary>
internal static class DeviceOwnership
{
    /// <summary>Whether there is such a device and the signer owns it.</summary>
    public static Reason Check(ILedgerState state, Address device, Address signer) => DeviceRecord.Find(state, device) is { } found
        ? found.Owner == signer ? Reason.None : Reason.NotTheOwner
        : Reason.NoSuchDevice;

    /// <summary>The same, and whether the device may still take up something new: the word of its manufacturer stands, if it has one.</summary>
    /// <param name="found">The device if the result is <see cref="Reason.None"/>, else null.</param>
    public static Reason CheckVouchedFor(ILedgerState state, Address device, Address signer, out DeviceRecord? found)
    {
        found = null;
        Reason reason = Check(state, device, signer);
        if (reason != Reason.None)
            return reason;
        DeviceRecord owned = DeviceRecord.Get(state, device);
        if (IsRevoked(state, owned))
            return Reason.DeviceRevoked;
        found = owned;
        return Reason.None;
    }

    /// <summary>Whether the device's manufacturer took back its word for it: alone, or with its whole batch.</summary>
    public static bool IsRevoked(ILedgerState state, DeviceRecord device) => device.RevokedMs != 0
        || (device.Manufacturer is { } manufacturer && RevocationRecord.FindBatch(state, manufacturer, device.Batch) is not null);
}
