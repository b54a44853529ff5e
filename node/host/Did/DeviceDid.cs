using System.Diagnostics.CodeAnalysis;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Did;

/// <summary>A device's decentralised identifier: <c>did:appchain:CHAIN:dev1…</c>. It stays when the device's key is replaced.</summary>
public readonly record struct DeviceDid(ChainId Chain, Address Device)
{
    private const string Method = "did:appchain:";

    /// <summary>Reads an identifier; false for another method, an impossible chain id, or anything but a device's bech32m address.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out DeviceDid did)
    {
        did = default;
        if (text is null || !text.StartsWith(Method, StringComparison.Ordinal) || text.Length > Method.Length + LedgerLimits.ChainIdLengthMax + 1 + 64)
            return false;
        string[] parts = text[Method.Length..].Split(':');
        if (parts.Length != 2 || !ChainId.TryParse(parts[0], out ChainId chain)
            || !AddressText.TryParse(parts[1], out Address device, out AddressKind kind) || kind != AddressKind.Device)
        {
            return false;
        }
        did = new DeviceDid(chain, device);
        return true;
    }

    /// <summary>The identifier of an account, which controls devices. It names the controller; nothing more is known of an account than its address.</summary>
    public static string OfAccount(ChainId chain, Address account) => $"{Method}{chain.Text}:{AddressText.Format(account, AddressKind.Account)}";

    public override string ToString() => $"{Method}{Chain.Text}:{AddressText.Format(Device, AddressKind.Device)}";
}
