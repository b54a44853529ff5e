using System.Globalization;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Cli;

/// <summary>A manufacturer's attestation as one word: MANUFACTURER:BATCH:SCHEME:PUBLICKEY:SIGNATURE, the first and the last two in hex.</summary>
internal static class AttestationText
{
    public static string Format(Attestation attestation) => string.Create(CultureInfo.InvariantCulture,
        $"{attestation.Manufacturer}:{attestation.Batch}:{(byte)attestation.Signature.Scheme}:")
        + $"{Convert.ToHexStringLower(attestation.Signature.PublicKey.Span)}:{Convert.ToHexStringLower(attestation.Signature.Value.Span)}";

    public static Attestation Parse(string text)
    {
        string[] parts = text.Split(':');
        try
        {
            if (parts.Length == 5 && AddressText.TryParse(parts[0], out Address manufacturer, out _)
                && uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint batch) && byte.TryParse(parts[2], out byte scheme))
            {
                return new Attestation(
                    manufacturer, batch, new Signature((KeyScheme)scheme, Convert.FromHexString(parts[3]), Convert.FromHexString(parts[4])));
            }
        }
        catch (FormatException)
        {
            // said below
        }
        throw new CommandException("--attestation is not what `appchain tx attest` prints: MANUFACTURER:BATCH:SCHEME:PUBLICKEY:SIGNATURE.");
    }
}
