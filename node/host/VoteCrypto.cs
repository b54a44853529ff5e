using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Node.Driver;

namespace AppChain.Node;

/// <summary>Votes signed and checked by libsecp256k1.</summary>
public sealed class VoteCrypto(PrivateKey key) : IVoteCrypto
{
    public byte[] Sign(Digest digest) => key.Sign(digest.ToHash());

    public bool Verify(ReadOnlySpan<byte> publicKey, Digest digest, ReadOnlySpan<byte> signature) =>
        SignatureVerifier.Verify(KeyScheme.Secp256k1, publicKey, digest.ToHash(), signature);
}
