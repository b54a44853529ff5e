using AppChain.Consensus;
using AppChain.Crypto;

namespace AppChain.Node.Driver;

/// <summary>Consensus references only the BCL and so has its own 32-byte type: the two forms of one value.</summary>
public static class HashForms
{
    public static Hash256 ToHash(this Digest digest) => new(digest.ToArray());

    public static Digest ToDigest(this Hash256 hash) => new(hash.Bytes);
}
