using AppChain.Crypto;

namespace AppChain.Tests.Ledger.Proofs;

/// <summary>Addresses by number, for rules that look at addresses and not at keys.</summary>
internal static class DeviceNames
{
    public static Address Of(int number)
    {
        byte[] bytes = new byte[Address.Size];
        BitConverter.TryWriteBytes(bytes, number + 1);
        Array.Reverse(bytes);
        return new Address(bytes);
    }
}
