using System;

namespace AppChain.Consensus;

/// <summary>
/// One link of the chain's randomness: the beacon of a block, and the proof that its leader had no choice in it. The leader's verifiable
/// random output depends on its key and on the parent's beacon alone, and the block's beacon on that output and the parent's beacon
/// (README.md, "Beacon").
/// </summary>
public readonly record struct BeaconDraw(Digest Beacon, VrfProof Proof)
{
    /// <summary>The one draw that this key has after a beacon.</summary>
    public static BeaconDraw After(Digest previous, IVoteCrypto crypto)
    {
        var proof = crypto.Prove(TaggedHash.BeaconInput.Of(previous.ToArray()), out var output);
        return new BeaconDraw(Next(previous, output), proof);
    }

    /// <summary>True if it is the draw of this key's owner after that beacon.</summary>
    public bool Follows(Digest previous, ReadOnlySpan<byte> publicKey, IVoteCrypto crypto)
    {
        var proof = Proof;
        return crypto.VerifyProof(publicKey, TaggedHash.BeaconInput.Of(previous.ToArray()), proof.Bytes, out var output)
            && Beacon == Next(previous, output);
    }

    static Digest Next(Digest previous, Digest output)
    {
        Span<byte> message = stackalloc byte[2 * Digest.Size];
        previous.CopyTo(message);
        output.CopyTo(message[Digest.Size..]);
        return TaggedHash.Beacon.Of(message);
    }
}
