using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>A proof as it stands in a batch: the leaf is <c>TaggedHash("AppChain/batched-proof", encoded SubmitProof)</c>, and the tree <see cref="MerkleList"/>'s.</summary>
public static class BatchLeaf
{
    private static readonly HashTag Tag = new("AppChain/batched-proof");

    /// <summary>The bytes that are opened.</summary>
    public static byte[] Encode(SubmitProof proof) => proof.Encode();

    /// <summary>The item of the tree.</summary>
    public static Hash256 Hash(ReadOnlySpan<byte> encoded) => Tag.Hash(encoded);

    /// <summary>Reads opened bytes; null if they are no proof.</summary>
    internal static SubmitProof? TryDecode(ReadOnlySpan<byte> encoded)
    {
        WireReader reader = new(encoded);
        SubmitProof proof = SubmitProof.Read(ref reader);
        return reader.Finish() == Reason.None ? proof : null;
    }
}
