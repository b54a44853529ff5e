using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AppChain.Crypto;
using AppChain.Node.Peers;

namespace Node.Tests;

/// <summary>Whom a certificate makes a node believe: only one that both keys have signed.</summary>
public sealed class NodeCertificateTests : IDisposable
{
    private static readonly Hash256 Genesis = Hashing.Sha256([1]);

    private readonly PrivateKey consensusKey = PrivateKey.FromSeed(KeyScheme.Secp256k1, "certificate/consensus");
    private readonly PrivateKey nodeKey = PrivateKey.FromSeed(KeyScheme.Secp256k1, "certificate/node");
    private readonly ECDsa tlsKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        consensusKey.Dispose();
        nodeKey.Dispose();
        tlsKey.Dispose();
    }

    [Fact]
    public void Issued_IsVerified_AndSaysWhoItIs()
    {
        using X509Certificate2 certificate = NodeCertificate.Issue(tlsKey, Genesis, consensusKey, nodeKey);
        using X509Certificate2 received = X509CertificateLoader.LoadCertificate(certificate.RawData);
        Assert.True(NodeCertificate.TryVerify(received, out NodeCertificate? node, out string? problem), problem);
        Assert.Equal(new NodeCertificate(Genesis, consensusKey.PublicKey, nodeKey.PublicKey), node);
        Assert.Equal(node, NodeCertificate.OfVerified(received));
    }

    [Theory]
    [InlineData(0, "another version")]
    [InlineData(1, "its node key has not signed")] // another genesis
    [InlineData(33, "its consensus key has not signed")] // somebody else's consensus key
    [InlineData(65, "its consensus key has not signed")] // another node key
    [InlineData(97, "its consensus key has not signed")]
    [InlineData(161, "its node key has not signed")]
    [InlineData(224, "its node key has not signed")]
    public void Changed_InAnyPart_IsRefused(int position, string expected)
    {
        byte[] content = Content();
        content[position] ^= 1;
        Assert.Contains(expected, Refused(tlsKey, content), StringComparison.Ordinal);
    }

    [Fact]
    public void Copied_OntoAnotherTlsKey_IsRefused()
    {
        using ECDsa thief = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Contains("its node key has not signed", Refused(thief, Content()), StringComparison.Ordinal);
    }

    [Fact]
    public void OfSomethingElse_IsRefused()
    {
        Assert.Contains("no certificate", Refused(null), StringComparison.Ordinal);
        Assert.Contains("no node's", Refused(tlsKey, null), StringComparison.Ordinal);
        Assert.Contains("another version", Refused(tlsKey, Content()[..^1]), StringComparison.Ordinal);
        Assert.Contains("another version", Refused(tlsKey, [.. Content(), 0]), StringComparison.Ordinal);
    }

    private byte[] Content()
    {
        using X509Certificate2 certificate = NodeCertificate.Issue(tlsKey, Genesis, consensusKey, nodeKey);
        return certificate.Extensions[NodeCertificate.ExtensionOid]!.RawData;
    }

    private static string Refused(ECDsa key, byte[]? content)
    {
        CertificateRequest request = new("CN=somebody", key, HashAlgorithmName.SHA256);
        if (content is not null)
            request.CertificateExtensions.Add(new X509Extension(NodeCertificate.ExtensionOid, content, critical: false));
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return Refused(certificate);
    }

    private static string Refused(X509Certificate2? certificate)
    {
        Assert.False(NodeCertificate.TryVerify(certificate, out NodeCertificate? node, out string? problem));
        Assert.Null(node);
        return problem;
    }
}
