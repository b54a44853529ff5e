using System.Diagnostics.CodeAnalysis;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Did;

/// <summary>A decentralised identifier of a chain: a device's, <c>did:appchain:CHAIN:dev1…</c>, or that of an account, which controls devices:
/// <c>did:appchain:CHAIN:app1…</c>. A device's stays when its key is replaced.</summary>
/// <param name="Subject">The address of the device or account.</param>
/// <param name="Kind"><see cref="AddressKind.Device"/> or <see cref="AddressKind.Account"/>.</param>
public readonly record struct ChainDid(ChainId Chain, Address Subject, AddressKind Kind = AddressKind.Device)
{
    private const string Method = "did:appchain:";

    /// <summary>Reads an identifier; false for another method, an impossible chain id, or anything but a device's or an account's address.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ChainDid did)
    {
        did = default;
        if (text is null || !text.StartsWith(Method, StringComparison.Ordinal) || text.Length > Method.Length + LedgerLimits.ChainIdLengthMax + 1 + 64)
            return false;
        string[] parts = text[Method.Length..].Split(':');
        if (parts.Length != 2 || !ChainId.TryParse(parts[0], out ChainId chain)
            || !AddressText.TryParse(parts[1], out Address subject, out AddressKind kind))
        {
            return false;
        }
        did = new ChainDid(chain, subject, kind);
        // One text for one identifier: an address can also be written in hex, which says nothing of what it is the address of.
        return kind is AddressKind.Device or AddressKind.Account && did.ToString() == text;
    }

    public override string ToString() => $"{Method}{Chain.Text}:{AddressText.Format(Subject, Kind)}";
}
