using System.Security.Cryptography;
using System.Text;

namespace AppChain.Consensus.Tests;

/// <summary>Signatures and draws that only tests would accept: a hash over the public key and the digest. Fast, deterministic, and wrong
/// for any other signer, digest or chain.</summary>
sealed class KeyedHashCrypto(ushort signer) : IVoteCrypto
{
    static readonly byte[][] Keys =
        [.. Enumerable.Range(0, ConsensusLimits.ValidatorsMax + 1).Select(i => SHA256.HashData(Encoding.ASCII.GetBytes($"validator {i}")))];

    public static byte[] PublicKey(ushort signer) => Keys[signer];

    public byte[] Sign(Digest digest) => Signature(PublicKey(signer), digest);

    public bool Verify(ReadOnlySpan<byte> publicKey, Digest digest, ReadOnlySpan<byte> signature) =>
        signature.SequenceEqual(Signature(publicKey, digest));

    public VrfProof Prove(Digest input, out Digest output) => Drawn(PublicKey(signer), input, out output);

    public bool VerifyProof(ReadOnlySpan<byte> publicKey, Digest input, ReadOnlySpan<byte> proof, out Digest output) =>
        proof.SequenceEqual(Drawn(publicKey, input, out output).Bytes);

    static VrfProof Drawn(ReadOnlySpan<byte> publicKey, Digest input, out Digest output)
    {
        var hash = SHA256.HashData([.. publicKey, .. input.ToArray(), .. "random"u8]);
        output = new Digest(SHA256.HashData(hash));
        return new VrfProof([.. hash, .. hash, .. hash[..(VrfProof.Size - (2 * hash.Length))]]);
    }

    static byte[] Signature(ReadOnlySpan<byte> publicKey, Digest digest)
    {
        var half = SHA256.HashData([.. publicKey, .. digest.ToArray()]);
        return [.. half, .. half];
    }
}
