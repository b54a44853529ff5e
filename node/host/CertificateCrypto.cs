using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Node.Driver;

namespace AppChain.Node;

/// <summary>Checks certificates where there is no key to sign with.</summary>
internal sealed class CertificateCrypto : IVoteCrypto
{
    public static readonly CertificateCrypto Instance = new();

    public byte[] Sign(Digest digest) => throw new InvalidOperationException("There is no key here: certificates are only checked.");

    public bool Verify(ReadOnlySpan<byte> publicKey, Digest digest, ReadOnlySpan<byte> signature)
        => SignatureVerifier.Verify(KeyScheme.Secp256k1, publicKey, digest.ToHash(), signature);
}
