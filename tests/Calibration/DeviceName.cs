using AppChain.Crypto;

namespace AppChain.Tests.Calibration;

/// <summary>Addresses by number: scoring looks at addresses, not at keys.</summary>
internal static class DeviceName
{
    public static Address Of(int number)
    {
        byte[] bytes = new byte[Address.Size];
        BitConverter.TryWriteBytes(bytes, number + 1);
        return new Address(bytes);
    }
}
