using System;
using System.Security.Cryptography;
using System.Text;

namespace AppChain.Consensus;

/// <summary>
/// SHA-256 with a domain: H(H(tag) ‖ H(tag) ‖ message), as in BIP-340. A hash made under one tag is never one under another,
/// so a vote's digest cannot be mistaken for a header's.
/// </summary>
public sealed class TaggedHash
{
    public static readonly TaggedHash Header = new("AppChain/header");
    public static readonly TaggedHash Payload = new("AppChain/payload");
    public static readonly TaggedHash Vote = new("AppChain/vote");
    public static readonly TaggedHash Validators = new("AppChain/validators");
    public static readonly TaggedHash Leader = new("AppChain/leader");
    public static readonly TaggedHash BeaconInput = new("AppChain/beacon-input");
    public static readonly TaggedHash Beacon = new("AppChain/beacon");

    const int StackBytesMax = 1024;

    readonly byte[] tagHash;

    public TaggedHash(string tag) => tagHash = SHA256.HashData(Encoding.ASCII.GetBytes(tag));

    public Digest Of(ReadOnlySpan<byte> message)
    {
        var length = (2 * Digest.Size) + message.Length;
        var input = length <= StackBytesMax ? stackalloc byte[length] : new byte[length];
        tagHash.CopyTo(input);
        tagHash.CopyTo(input[Digest.Size..]);
        message.CopyTo(input[(2 * Digest.Size)..]);

        Span<byte> hash = stackalloc byte[Digest.Size];
        SHA256.HashData(input, hash);
        return new Digest(hash);
    }
}
