using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Credits that were spent on a device's work, as the receipt of whatever spent them says. They add up to the usage of the device's statement.</summary>
/// <param name="Device">The device.</param>
/// <param name="Service">The service that it worked for.</param>
/// <param name="Epoch">The reward epoch that it counts in.</param>
/// <param name="Credits">What was spent.</param>
/// <param name="Usage">The tokens that were burned for them, as far as they count; never zero.</param>
public readonly record struct ServedWork(Address Device, uint Service, ulong Epoch, Credits Credits, Amount Usage)
{
    internal byte[] Encode()
    {
        WireWriter writer = new();
        writer.Address(1, Device);
        writer.UInt64(2, Service);
        writer.UInt64(3, Epoch);
        writer.UInt64(4, Credits.Units);
        writer.UInt64(5, Usage.Grains);
        return writer.ToArray();
    }

    internal static ServedWork Read(ref WireReader reader) =>
        new(reader.Address(1), reader.UInt32(2), reader.UInt64(3), new Credits(reader.UInt64(4)), new Amount(reader.UInt64(5)));
}
