namespace AppChain.Crypto;

/// <summary>How a key signs. The numbers are those of the wire and of addresses.</summary>
public enum KeyScheme : byte
{
    /// <summary>secp256k1, BIP-340 Schnorr; public keys of 32 bytes (x only). The default.</summary>
    Secp256k1 = 1,

    /// <summary>P-256 ECDSA; public keys of 33 bytes (compressed). What secure elements, TPMs and phones sign with.</summary>
    P256 = 2,
}
