namespace AppChain.Crypto;

/// <summary>
/// A secret key of one scheme, in the form that signs fastest. Not safe for use by several threads: <see cref="PrivateKey"/> sees to that.
/// Secrets live in pinned memory, of which the garbage collector makes no copies, and are zeroed on disposal.
/// </summary>
internal abstract class KeyPair : IDisposable
{
    /// <summary>The public key in the encoding of the scheme.</summary>
    public abstract byte[] PublicKey { get; }

    /// <summary>Writes 64 bytes.</summary>
    public abstract void Sign(Hash256 digest, Span<byte> signature);

    /// <summary>Writes 32 bytes.</summary>
    public abstract void ExportSecret(Span<byte> secret);

    public abstract void Dispose();
}
