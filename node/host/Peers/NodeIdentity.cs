using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AppChain.Crypto;

namespace AppChain.Node.Peers;

/// <summary>
/// Who this node is to other nodes. The TLS key lives as long as the process: it is made, and its certificate issued, when the node starts.
/// </summary>
public sealed class NodeIdentity : IDisposable
{
    private readonly PrivateKey nodeKey;
    private readonly X509Certificate2 certificate;
    private readonly SslStreamCertificateContext tls;

    /// <param name="genesis">The chain that the node is on.</param>
    /// <param name="consensusKey">Used here once, to sign the node key.</param>
    /// <param name="nodeKey">Another key than the consensus key. Disposed with this.</param>
    public NodeIdentity(Hash256 genesis, PrivateKey consensusKey, PrivateKey nodeKey)
    {
        (Genesis, ConsensusKey, this.nodeKey) = (genesis, consensusKey.PublicKey, nodeKey);
        using ECDsa tlsKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        certificate = NodeCertificate.Issue(tlsKey, genesis, consensusKey, nodeKey);
        tls = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
    }

    /// <summary>The chain that the node is on.</summary>
    public Hash256 Genesis { get; }

    /// <summary>secp256k1, x only.</summary>
    public ReadOnlyMemory<byte> ConsensusKey { get; }

    /// <summary>secp256k1, x only.</summary>
    public ReadOnlyMemory<byte> NodeKey => nodeKey.PublicKey;

    /// <summary>Signs a batch of this node's, by its id.</summary>
    public byte[] SignBatch(Hash256 batch) => nodeKey.Sign(BatchSignature.DigestOf(Genesis, batch));

    /// <summary>How this node calls another.</summary>
    /// <param name="accept">Judges the certificate that answers; null if none does.</param>
    public SslClientAuthenticationOptions ToCall(Func<X509Certificate2?, bool> accept) => new()
    {
        ClientCertificateContext = tls,
        EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls13,
        RemoteCertificateValidationCallback = (_, shown, _, _) => accept(shown as X509Certificate2),
        CertificateChainPolicy = NoAuthorities,
        AllowTlsResume = false, // every connection shows its certificate
    };

    /// <summary>How this node answers others.</summary>
    /// <param name="accept">Judges the caller's certificate; null if it shows none.</param>
    public SslServerAuthenticationOptions ToAnswer(Func<X509Certificate2?, bool> accept) => new()
    {
        ServerCertificateContext = tls,
        EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls13,
        ClientCertificateRequired = true,
        RemoteCertificateValidationCallback = (_, shown, _, _) => accept(shown as X509Certificate2),
        CertificateChainPolicy = NoAuthorities,
        AllowTlsResume = false,
        ApplicationProtocols = [SslApplicationProtocol.Http2],
    };

    public void Dispose()
    {
        certificate.Dispose();
        nodeKey.Dispose();
    }

    // What is built of a stranger's certificate must never go and download what it names.
    private static X509ChainPolicy NoAuthorities => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };
}
