using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Cli;

/// <summary>A manufacturer's attestation as one word: SCHEME:PUBLICKEY:SIGNATURE, the last two in hex.</summary>
internal static class AttestationText
{
    public static string Format(Signature attestation) =>
        $"{(byte)attestation.Scheme}:{Convert.ToHexStringLower(attestation.PublicKey.Span)}:{Convert.ToHexStringLower(attestation.Value.Span)}";

    public static Signature Parse(string text)
    {
        string[] parts = text.Split(':');
        try
        {
            if (parts.Length == 3 && byte.TryParse(parts[0], out byte scheme))
                return new Signature((KeyScheme)scheme, Convert.FromHexString(parts[1]), Convert.FromHexString(parts[2]));
        }
        catch (FormatException)
        {
            // said below
        }
        throw new CommandException("--attestation is not what `appchain tx attest` prints: SCHEME:PUBLICKEY:SIGNATURE.");
    }
}
