using AppChain.Consensus;
using AppChain.Crypto;

namespace AppChain.Client.Explain;

/// <summary>Checks certificates and beacons where there is no key to sign with.</summary>
public sealed class CertificateCrypto : IVoteCrypto
{
    private CertificateCrypto()
    {
    }

    /// <summary>The only one: it has no state.</summary>
    public static CertificateCrypto Instance { get; } = new();

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Always: there is no key here.</exception>
    public byte[] Sign(Digest digest) => throw new InvalidOperationException("There is no key here: certificates are only checked.");

    /// <inheritdoc/>
    public bool Verify(ReadOnlySpan<byte> publicKey, Digest digest, ReadOnlySpan<byte> signature)
        => SignatureVerifier.Verify(KeyScheme.Secp256k1, publicKey, new Hash256(digest.ToArray()), signature);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Always: there is no key here.</exception>
    public VrfProof Prove(Digest input, out Digest output)
        => throw new InvalidOperationException("There is no key here: beacons are only checked.");

    /// <inheritdoc/>
    public bool VerifyProof(ReadOnlySpan<byte> publicKey, Digest input, ReadOnlySpan<byte> proof, out Digest output)
    {
        bool holds = Ecvrf.TryVerify(publicKey, input.ToArray(), proof, out Hash256 random);
        output = new Digest(random.Bytes);
        return holds;
    }
}
