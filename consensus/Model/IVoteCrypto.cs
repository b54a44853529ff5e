using System;

namespace AppChain.Consensus;

/// <summary>
/// Signing and checking of votes, drawing and checking of beacons: libsecp256k1 in the node, a keyed hash in simulation. Both are pure
/// functions of their arguments and the key, so the core may call them within a step.
/// </summary>
public interface IVoteCrypto
{
    /// <summary>The node's own signature, <see cref="Vote.SignatureBytes"/> long. Never called if the core has no signer index.</summary>
    byte[] Sign(Digest digest);

    /// <summary>True if the signature is the key owner's. False for anything malformed; never throws.</summary>
    bool Verify(ReadOnlySpan<byte> publicKey, Digest digest, ReadOnlySpan<byte> signature);

    /// <summary>The node's own verifiable random output for an input, with its proof. There is one output for a key and an input. Never
    /// called if the core has no signer index.</summary>
    VrfProof Prove(Digest input, out Digest output);

    /// <summary>True if the proof is the key owner's for this input; then its output. False for anything malformed; never throws.</summary>
    bool VerifyProof(ReadOnlySpan<byte> publicKey, Digest input, ReadOnlySpan<byte> proof, out Digest output);
}
