using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace AppChain.Grpc.Tests;

/// <summary>Mutual TLS with certificates that each side checks itself, as nodes do.</summary>
public class TlsTests
{
    static X509Certificate2 Certificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    static async Task<TestServer> StartAsync(X509Certificate2 certificate) => await TestServer.StartAsync(
        app => app.MapGrpcService(Exchange.BindService(new ExchangeHandlers
        {
            OnEcho = (_, context) => Task.FromResult(new Note { Text = context.GetHttpContext().Connection.ClientCertificate!.Subject }),
        })),
        listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(https =>
            {
                https.ServerCertificate = certificate;
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.ClientCertificateValidation = (_, _, _) => true;
            });
        });

    static GrpcChannel Connect(TestServer server, X509Certificate2 own, string trusted)
    {
        var tls = new SslClientAuthenticationOptions
        {
            ClientCertificates = [own],
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == trusted,
        };
        return GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions { SslOptions = tls });
    }

    [Fact]
    public async Task MutualTls_KnownCertificates_BothAreSeen()
    {
        using var servers = Certificate("server");
        using var clients = Certificate("client");
        await using var server = await StartAsync(servers);
        Assert.Equal(Uri.UriSchemeHttps, server.Address.Scheme);
        using var channel = Connect(server, clients, servers.GetCertHashString());
        Assert.Equal("CN=client", (await new Exchange.ExchangeClient(channel).EchoAsync(new Note()).ResponseAsync.Soon()).Text);
    }

    [Fact]
    public async Task MutualTls_UnknownServer_IsUnavailable()
    {
        using var servers = Certificate("server");
        using var clients = Certificate("client");
        await using var server = await StartAsync(servers);
        using var channel = Connect(server, clients, clients.GetCertHashString());
        var failure = await new Exchange.ExchangeClient(channel).EchoAsync(new Note()).ResponseAsync.FailsSoon();
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
    }
}
