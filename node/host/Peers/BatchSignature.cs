using AppChain.Crypto;

namespace AppChain.Node.Peers;

/// <summary>
/// A pushed batch carries its author's signature beside it: by the author's node key, over
/// <c>TaggedHash("AppChain/batch-author", genesis ‖ batch id)</c>. It is not a part of the batch: what a block names needs no author.
/// </summary>
public static class BatchSignature
{
    private static readonly HashTag Tag = new("AppChain/batch-author");

    /// <summary>What is signed.</summary>
    public static Hash256 DigestOf(Hash256 genesis, Hash256 batch) => Tag.Hash(genesis.Bytes, batch.Bytes);

    /// <summary>True if the signature is the node key's. Any bytes may be asked about.</summary>
    public static bool Holds(NodeCertificate author, Hash256 batch, ReadOnlySpan<byte> signature) =>
        SignatureVerifier.Verify(KeyScheme.Secp256k1, author.NodeKey.Span, DigestOf(author.Genesis, batch), signature);
}
