using System.Security.Cryptography;
using System.Text;

namespace AppChain.Consensus.Tests;

/// <summary>Signatures that only tests would accept: a hash over the public key and the digest. Fast, deterministic, and wrong for any
/// other signer, digest or chain.</summary>
sealed class KeyedHashCrypto(ushort signer) : IVoteCrypto
{
    static readonly byte[][] Keys =
        [.. Enumerable.Range(0, ConsensusLimits.ValidatorsMax + 1).Select(i => SHA256.HashData(Encoding.ASCII.GetBytes($"validator {i}")))];

    public static byte[] PublicKey(ushort signer) => Keys[signer];

    public byte[] Sign(Digest digest) => Signature(PublicKey(signer), digest);

    public bool Verify(ReadOnlySpan<byte> publicKey, Digest digest, ReadOnlySpan<byte> signature) =>
        signature.SequenceEqual(Signature(publicKey, digest));

    static byte[] Signature(ReadOnlySpan<byte> publicKey, Digest digest)
    {
        var half = SHA256.HashData([.. publicKey, .. digest.ToArray()]);
        return [.. half, .. half];
    }
}
