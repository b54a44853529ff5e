using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace AppChain.Crypto;

/// <summary>
/// A secret key that signs. Safe for use by any number of threads; it makes one signature at a time.
/// Dispose it to zero the secret in memory.
/// </summary>
public sealed class PrivateKey : IDisposable
{
    private static readonly HashTag SeedTag = new("AppChain/seed");

    private readonly Lock gate = new();
    private readonly KeyPair keyPair;
    private bool disposed;

    private PrivateKey(KeyScheme scheme, KeyPair keyPair)
    {
        Scheme = scheme;
        this.keyPair = keyPair;
        Address = Address.Of(scheme, keyPair.PublicKey);
    }

    /// <summary>How the key signs.</summary>
    public KeyScheme Scheme { get; }

    /// <summary>32 bytes (secp256k1) or 33 (P-256).</summary>
    public ReadOnlyMemory<byte> PublicKey => keyPair.PublicKey;

    /// <summary>The address of the public key.</summary>
    public Address Address { get; }

    /// <summary>Makes a key from the system's random source.</summary>
    /// <exception cref="NativeLibraryMissingException">libsecp256k1 is needed and not installed.</exception>
    public static PrivateKey Generate(KeyScheme scheme)
    {
        Span<byte> secret = stackalloc byte[KeySchemes.SecretKeySize];
        try
        {
            // Almost every 32-byte number is a secret key: a second round is needed once in 2³² tries (P-256) or 2¹²⁸ (secp256k1).
            PrivateKey? key;
            do
            {
                RandomNumberGenerator.Fill(secret);
            }
            while (!TryFromSecret(scheme, secret, out key));
            return key;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>
    /// The key that a text stands for, always the same. <b>Insecure: for development networks and tests only.</b>
    /// Whoever guesses the text has the key, and texts are easily guessed.
    /// </summary>
    /// <remarks>
    /// The secret is <c>TaggedHash("AppChain/seed", scheme:1 ‖ attempt:1 ‖ text as UTF-8)</c> for the first attempt, from 0 on,
    /// that gives a valid one.
    /// </remarks>
    /// <exception cref="NativeLibraryMissingException">libsecp256k1 is needed and not installed.</exception>
    public static PrivateKey FromSeed(KeyScheme scheme, string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        byte attempt = 0;
        PrivateKey? key;
        while (!TryFromSecret(scheme, SeedTag.Hash([(byte)scheme, attempt], utf8).Bytes, out key))
            attempt = checked((byte)(attempt + 1));
        return key;
    }

    /// <summary>The key of a secret.</summary>
    /// <exception cref="ArgumentException">The secret is not 32 bytes, or is zero, or not below the order of the curve.</exception>
    /// <exception cref="NativeLibraryMissingException">libsecp256k1 is needed and not installed.</exception>
    public static PrivateKey FromSecret(KeyScheme scheme, ReadOnlySpan<byte> secret) =>
        TryFromSecret(scheme, secret, out PrivateKey? key)
            ? key
            : throw new ArgumentException("A secret key has 32 bytes, above zero and below the curve's order.", nameof(secret));

    /// <summary>The key of a secret; false if it is not 32 bytes, or is zero, or not below the order of the curve.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The scheme is none.</exception>
    /// <exception cref="NativeLibraryMissingException">libsecp256k1 is needed and not installed.</exception>
    public static bool TryFromSecret(KeyScheme scheme, ReadOnlySpan<byte> secret, [NotNullWhen(true)] out PrivateKey? key)
    {
        KeyPair? keyPair = scheme switch
        {
            KeyScheme.Secp256k1 => Secp256k1KeyPair.TryCreate(secret),
            KeyScheme.P256 => P256KeyPair.TryCreate(secret),
            _ => throw new ArgumentOutOfRangeException(nameof(scheme), scheme, "Not a key scheme."),
        };
        key = keyPair is null ? null : new PrivateKey(scheme, keyPair);
        return key is not null;
    }

    /// <summary>
    /// Signs a digest. secp256k1 signatures are reproducible: the same key and digest give the same 64 bytes. P-256 signatures are not.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public byte[] Sign(Hash256 digest)
    {
        byte[] signature = new byte[KeySchemes.SignatureSize];
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            keyPair.Sign(digest, signature);
        }
        return signature;
    }

    /// <summary>
    /// Computes the key's verifiable random output for an input, and a proof of it of <see cref="Ecvrf.ProofSize"/> bytes:
    /// <see cref="Ecvrf.TryVerify"/> reads the output out of it. The same key and input give the same bytes.
    /// </summary>
    /// <exception cref="InvalidOperationException">The key is not a secp256k1 key.</exception>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public byte[] ProveRandom(ReadOnlySpan<byte> input, out Hash256 output)
    {
        if (keyPair is not Secp256k1KeyPair secp256k1)
            throw new InvalidOperationException("Only secp256k1 keys have a verifiable random function.");
        byte[] proof = new byte[Ecvrf.ProofSize];
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            output = secp256k1.Prove(input, proof);
        }
        return proof;
    }

    /// <summary>A copy of the 32 secret bytes. The caller zeroes it after use.</summary>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public byte[] ExportSecret()
    {
        byte[] secret = GC.AllocateArray<byte>(KeySchemes.SecretKeySize, pinned: true);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            keyPair.ExportSecret(secret);
        }
        return secret;
    }

    /// <summary>Zeroes the secret. The public key and the address stay readable.</summary>
    public void Dispose()
    {
        // Under the lock, because zeroing a key that another thread is signing with would break its signature.
        lock (gate)
        {
            disposed = true;
            keyPair.Dispose();
        }
    }

    /// <summary>The address: never the secret.</summary>
    public override string ToString() => Address.ToString();
}
