using AppChain.Client.Explain;
using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Node.Driver;

namespace AppChain.Node;

/// <summary>Votes and beacons, signed and drawn by libsecp256k1 with the validator's key.</summary>
public sealed class VoteCrypto(PrivateKey key) : IVoteCrypto
{
    public byte[] Sign(Digest digest) => key.Sign(digest.ToHash());

    public bool Verify(ReadOnlySpan<byte> publicKey, Digest digest, ReadOnlySpan<byte> signature) =>
        CertificateCrypto.Instance.Verify(publicKey, digest, signature);

    public VrfProof Prove(Digest input, out Digest output)
    {
        byte[] proof = key.ProveRandom(input.ToArray(), out Hash256 random);
        output = random.ToDigest();
        return new VrfProof(proof);
    }

    public bool VerifyProof(ReadOnlySpan<byte> publicKey, Digest input, ReadOnlySpan<byte> proof, out Digest output) =>
        CertificateCrypto.Instance.VerifyProof(publicKey, input, proof, out output);
}
