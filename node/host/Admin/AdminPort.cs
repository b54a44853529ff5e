using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using AppChain.Grpc;

namespace AppChain.Node.Admin;

/// <summary>
/// The port of whoever runs the node. Without TLS it is on loopback, for callers on this machine; with it every caller shows a certificate
/// that the settings know, in the handshake: nobody else gets as far as a call.
/// </summary>
/// <param name="Tls">Null: without TLS.</param>
public sealed record AdminPort(AdminPort.Certificates? Tls, TimeProvider Clock) : PortUse
{
    /// <summary>What the port shows, and whom it knows.</summary>
    public sealed record Certificates(TlsCertificate Own, AdminClients Clients) : IDisposable
    {
        public void Dispose()
        {
            Own.Dispose();
            Clients.Dispose();
        }

        /// <summary>Reads what the settings name; null if they name no certificate.</summary>
        /// <exception cref="ConfigException">A file cannot be used.</exception>
        public static Certificates? Load(NodeHome home, NodeConfig.AdminConfig admin)
        {
            if (TlsCertificate.Load(home, "admin", admin.TlsCertificate, admin.TlsKey) is not { } own)
                return null;
            try
            {
                return new Certificates(own, AdminClients.Load(home, admin));
            }
            catch
            {
                own.Dispose();
                throw;
            }
        }
    }

    internal override GrpcPortOptions Options => new()
    {
        Handshake = Tls is null ? null : ToHandshake(Tls),
        ConnectionsPerAddressMax = NodeLimits.AdminConnectionsPerAddressMax,
        StrangersMax = NodeLimits.AdminConnectionsMax,
        HandshakesMax = NodeLimits.AdminHandshakesMax,
        ConnectionRate = new GrpcAddressRate(NodeLimits.PeerConnectionsPerSecondPerAddress, NodeLimits.PeerConnectionBurstPerAddress, ExemptLoopback: true),
        MessageTimeout = NodeLimits.PublicMessageTimeout,
    };

    private Func<System.Net.EndPoint?, SslServerAuthenticationOptions> ToHandshake(Certificates tls)
    {
        SslStreamCertificateContext shown = SslStreamCertificateContext.Create(tls.Own.Own, tls.Own.Chain, offline: true);
        return _ => new SslServerAuthenticationOptions
        {
            ServerCertificateContext = shown,
            EnabledSslProtocols = SslProtocols.Tls13,
            ClientCertificateRequired = true,
            RemoteCertificateValidationCallback = (_, caller, _, _) => tls.Clients.IsKnown(caller as X509Certificate2, Clock.GetUtcNow().LocalDateTime),
            // What is built of a stranger's certificate must never go and download what it names.
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            },
            AllowTlsResume = false, // every connection shows its certificate
            ApplicationProtocols = [SslApplicationProtocol.Http2],
        };
    }
}
