namespace AppChain.Crypto;

/// <summary>How a key signs. The numbers are those of the wire and of addresses.</summary>
public enum KeyScheme : byte
{
    /// <summary>secp256k1, BIP-340 Schnorr; public keys of 32 bytes (x only). The default.</summary>
    Secp256k1 = 1,

    /// <summary>P-256 ECDSA; public keys of 33 bytes (compressed). What secure elements, TPMs and phones sign with.</summary>
    P256 = 2,
}

/// <summary>The lengths that a scheme fixes, in bytes.</summary>
public static class KeySchemes
{
    /// <summary>Length of a secret key, whatever the scheme.</summary>
    public const int SecretKeySize = 32;

    /// <summary>Length of a signature, whatever the scheme.</summary>
    public const int SignatureSize = 64;

    /// <summary>Length of a public key; 0 for a number that is no scheme, which no key's length equals.</summary>
    public static int PublicKeySize(this KeyScheme scheme) => scheme switch
    {
        KeyScheme.Secp256k1 => Secp256k1.PublicKeySize,
        KeyScheme.P256 => P256.PublicKeySize,
        _ => 0,
    };
}
