using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AppChain.Crypto;

namespace AppChain.Node.Peers;

/// <summary>
/// What a node's TLS certificate says of it, in an extension of its own: the node key speaks for the consensus key, and the TLS key for the
/// node key. No authority is asked and no date is looked at: the two signatures are all that counts.
/// </summary>
/// <remarks>
/// version:1 ‖ genesis:32 ‖ consensus key:32 ‖ node key:32 ‖ the consensus key's signature over
/// <c>TaggedHash("AppChain/node-key", node key)</c>:64 ‖ the node key's over <c>TaggedHash("AppChain/node-certificate",
/// genesis ‖ consensus key ‖ SubjectPublicKeyInfo of the TLS key)</c>:64.
/// </remarks>
/// <param name="Genesis">The chain that the node is on.</param>
/// <param name="ConsensusKey">secp256k1, x only. Whether it is a validator's the state knows.</param>
/// <param name="NodeKey">secp256k1, x only: signs the node's batches.</param>
public sealed record NodeCertificate(Hash256 Genesis, ReadOnlyMemory<byte> ConsensusKey, ReadOnlyMemory<byte> NodeKey)
{
    /// <summary>The extension's number: a UUID (ITU-T X.667), which needs nobody's registration.</summary>
    public const string ExtensionOid = "2.25.275073524329367403510729613398638471727";

    private const byte Version = 1;
    private const int KeySize = 32;
    private const int Size = 1 + Hash256.Size + 2 * KeySize + 2 * KeySchemes.SignatureSize;

    private static readonly HashTag NodeKeyTag = new("AppChain/node-key");
    private static readonly HashTag CertificateTag = new("AppChain/node-certificate");

    /// <summary>Makes a certificate for a TLS key. It has no end: a node makes another one whenever it starts.</summary>
    public static X509Certificate2 Issue(ECDsa tlsKey, Hash256 genesis, PrivateKey consensusKey, PrivateKey nodeKey)
    {
        CertificateRequest request = new($"CN={AddressText.Format(nodeKey.Address, AddressKind.Validator)}", tlsKey, HashAlgorithmName.SHA256);
        Hash256 certified = Certified(genesis, consensusKey.PublicKey.Span, tlsKey.ExportSubjectPublicKeyInfo());
        byte[] content =
        [
            Version, .. genesis.Bytes, .. consensusKey.PublicKey.Span, .. nodeKey.PublicKey.Span,
            .. consensusKey.Sign(NodeKeyTag.Hash(nodeKey.PublicKey.Span)), .. nodeKey.Sign(certified),
        ];
        request.CertificateExtensions.Add(new X509Extension(ExtensionOid, content, critical: false));
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero));
    }

    /// <summary>Reads a certificate and checks both signatures.</summary>
    /// <param name="certificate">Anybody's; null if none was shown.</param>
    /// <param name="problem">What is wrong with it, to go on with after "it ".</param>
    public static bool TryVerify(
        X509Certificate2? certificate, [NotNullWhen(true)] out NodeCertificate? node, [NotNullWhen(false)] out string? problem)
    {
        node = null;
        if (certificate is null)
        {
            problem = "shows no certificate";
            return false;
        }
        if (!TryReadContent(certificate, out byte[] content, out byte[] tlsKey, out problem))
            return false;
        NodeCertificate read = Parse(content);
        ReadOnlySpan<byte> signatures = content.AsSpan(Size - 2 * KeySchemes.SignatureSize);
        problem = !Holds(read.ConsensusKey, NodeKeyTag.Hash(read.NodeKey.Span), signatures[..KeySchemes.SignatureSize])
                ? "shows a certificate that its consensus key has not signed"
            : !Holds(read.NodeKey, Certified(read.Genesis, read.ConsensusKey.Span, tlsKey), signatures[KeySchemes.SignatureSize..])
                ? "shows a certificate that its node key has not signed"
            : null;
        if (problem is not null)
            return false;
        node = read;
        return true;
    }

    /// <summary>Reads a certificate that was verified when its connection was made.</summary>
    /// <exception cref="ArgumentException">It cannot have been: it is no node's.</exception>
    public static NodeCertificate OfVerified(X509Certificate2 certificate) => TryReadContent(certificate, out byte[] content, out _, out string? problem)
        ? Parse(content)
        : throw new ArgumentException($"The caller {problem}.", nameof(certificate));

    private static NodeCertificate Parse(byte[] content)
    {
        const int consensusKeyAt = 1 + Hash256.Size, nodeKeyAt = consensusKeyAt + KeySize;
        return new NodeCertificate(
            new Hash256(content.AsSpan(1, Hash256.Size)), content.AsMemory(consensusKeyAt, KeySize), content.AsMemory(nodeKeyAt, KeySize));
    }

    private static bool TryReadContent(
        X509Certificate2 certificate, out byte[] content, out byte[] tlsKey, [NotNullWhen(false)] out string? problem)
    {
        (content, tlsKey) = ([], []);
        try
        {
            content = certificate.Extensions[ExtensionOid]?.RawData ?? [];
            tlsKey = certificate.PublicKey.ExportSubjectPublicKeyInfo();
            problem = content.Length == 0 ? "shows a certificate that is no node's"
                : content.Length != Size || content[0] != Version ? "shows a node's certificate of another version"
                : null;
        }
        catch (CryptographicException)
        {
            problem = "shows a certificate that cannot be read";
        }
        return problem is null;
    }

    private static Hash256 Certified(Hash256 genesis, ReadOnlySpan<byte> consensusKey, ReadOnlySpan<byte> tlsKey) =>
        CertificateTag.Hash(genesis.Bytes, consensusKey, tlsKey);

    private static bool Holds(ReadOnlyMemory<byte> key, Hash256 digest, ReadOnlySpan<byte> signature) =>
        SignatureVerifier.Verify(KeyScheme.Secp256k1, key.Span, digest, signature);

    public bool Equals(NodeCertificate? other) =>
        other is not null && Genesis == other.Genesis && ConsensusKey.Span.SequenceEqual(other.ConsensusKey.Span) && NodeKey.Span.SequenceEqual(other.NodeKey.Span);

    public override int GetHashCode() => Genesis.GetHashCode();
}
