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

    [Fact]
    public async Task Port_WithACertificate_SpeaksTlsToCallersAndPages()
    {
        using var certificate = Certificate("public");
        await using var server = await TestServer.StartAsync(
            new ExchangeHandlers(), new GrpcPortOptions { Http1 = true, Certificate = certificate });
        Assert.Equal("https", server.Address.Scheme);
        using var channel = Connect(server, certificate, certificate.GetCertHashString());
        Assert.Equal("hi", (await new Exchange.ExchangeClient(channel).EchoAsync(new Note { Text = "hi" }).ResponseAsync.Soon()).Text);

        using var page = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } });
        using var content = new ByteArrayContent(RawClient.Frame(new Note()));
        content.Headers.ContentType = new("application/grpc-web+proto");
        using var response = await page.PostAsync(
            new Uri(server.Address, "/appchain.grpc.tests.Exchange/Echo"), content, TestContext.Current.CancellationToken).Soon();
        Assert.Equal((System.Net.HttpStatusCode.OK, System.Net.HttpVersion.Version11), (response.StatusCode, response.Version));

        using var plain = GrpcChannel.ForAddress(new UriBuilder(server.Address) { Scheme = "http" }.Uri);
        var refusal = await new Exchange.ExchangeClient(plain).EchoAsync(new Note()).ResponseAsync.FailsSoon();
        Assert.Equal(StatusCode.Unavailable, refusal.StatusCode);
    }
}
