using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What every message asks that an owner signs about a device.</summary>
internal static class DeviceOwnership
{
    /// <summary>Whether there is such a device and the signer owns it.</summary>
    public static Reason Check(ILedgerState state, Address device, Address signer) => DeviceRecord.Find(state, device) is { } found
        ? found.Owner == signer ? Reason.None : Reason.NotTheOwner
        : Reason.NoSuchDevice;

    /// <summary>Whether the device's manufacturer took back its word for it: alone, or with its whole batch.</summary>
    public static bool IsRevoked(ILedgerState state, DeviceRecord device) => device.RevokedMs != 0
        || (device.Manufacturer is { } manufacturer && RevocationRecord.FindBatch(state, manufacturer, device.Batch) is not null);
}
