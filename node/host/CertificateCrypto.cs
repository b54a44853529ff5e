using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Node.Driver;

namespace AppChain.Node;

/// <summary>Checks certificates and beacons where there is no key to sign with.</summary>
internal sealed class CertificateCrypto : IVoteCrypto
{
    public static readonly CertificateCrypto Instance = new();

    public byte[] Sign(Digest digest) => throw new InvalidOperationException("There is no key here: certificates are only checked.");

    public bool Verify(ReadOnlySpan<byte> publicKey, Digest digest, ReadOnlySpan<byte> signature)
        => SignatureVerifier.Verify(KeyScheme.Secp256k1, publicKey, digest.ToHash(), signature);

    public VrfProof Prove(Digest input, out Digest output)
        => throw new InvalidOperationException("There is no key here: beacons are only checked.");

    public bool VerifyProof(ReadOnlySpan<byte> publicKey, Digest input, ReadOnlySpan<byte> proof, out Digest output)
    {
        bool holds = Ecvrf.TryVerify(publicKey, input.ToArray(), proof, out Hash256 random);
        output = random.ToDigest();
        return holds;
    }
}
