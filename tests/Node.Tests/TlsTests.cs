using System.Net;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AppChain.Grpc;
using AppChain.Node;
using AppChain.Node.Rpc;
using Grpc.Health.V1;
using Microsoft.Extensions.Logging.Abstractions;

namespace Node.Tests;

/// <summary>The public port's certificate: read from PEM files, or refused with the setting's name.</summary>
[UnsupportedOSPlatform("windows")] // modes of files
public sealed class TlsTests : IDisposable
{
    private readonly NodeHome home = new(Directory.CreateTempSubdirectory("appchain-tls-tests-").FullName);
    private readonly NodeConfig.RpcConfig settings = new() { TlsCertificate = "cert.pem", TlsKey = "key.pem" };

    public void Dispose() => Directory.Delete(home.Path, recursive: true);

    private string Write(string certificateFile, string keyFile)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=node.example", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Path.Combine(home.Path, certificateFile), certificate.ExportCertificatePem());
        string keyPath = Path.Combine(home.Path, keyFile);
        File.WriteAllText(keyPath, key.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(keyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return certificate.Thumbprint;
    }

    [Fact]
    public async Task Port_WithCertificateOfFiles_AnswersOverTls()
    {
        string thumbprint = Write("cert.pem", "key.pem");
        using TlsCertificate? tls = TlsCertificate.Load(home, settings);
        HealthMonitor monitor = new(() => true, TimeProvider.System);
        await using GrpcListener listener = await GrpcListener.StartAsync(
            "rpc.listen", new IPEndPoint(IPAddress.Loopback, 0), NodeLimits.PublicMessageBytesMax, NullLoggerFactory.Instance,
            [Health.BindService(new HealthRpc(monitor, new Subscribers(), new HashSet<string>()))], new PublicPort([], tls));
        using GrpcChannel channel = GrpcChannel.ForAddress($"https://{listener.Endpoint}", new GrpcChannelOptions
        {
            SslOptions = new() { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == thumbprint },
        });
        HealthCheckResponse answer = await new Health.HealthClient(channel).CheckAsync(
            new HealthCheckRequest(), deadline: DateTime.UtcNow + Bounds.Start, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, answer.Status); // nobody has asked the node yet
    }

    [Fact]
    public void Load_WithoutSettings_IsNoCertificate() => Assert.Null(TlsCertificate.Load(home, new NodeConfig.RpcConfig()));

    [Theory]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    public void Load_KeyThatOthersMayUse_IsRefused(UnixFileMode others)
    {
        Write("cert.pem", "key.pem");
        string key = Path.Combine(home.Path, "key.pem");
        File.SetUnixFileMode(key, UnixFileMode.UserRead | others);
        Assert.Contains($"`chmod 600 {key}`", Assert.Throws<ConfigException>(() => TlsCertificate.Load(home, settings)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FilesThatDoNotFit_AreRefused()
    {
        Assert.Contains("rpc.tlsCertificate", Refused(), StringComparison.Ordinal); // missing
        Write("cert.pem", "key.pem");
        Write("other.pem", "key.pem"); // of another certificate
        Assert.Contains("rpc.tlsCertificate", Refused(), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(home.Path, "key.pem"), "no key");
        Assert.Contains("rpc.tlsCertificate", Refused(), StringComparison.Ordinal);

        string Refused() => Assert.Throws<ConfigException>(() => TlsCertificate.Load(home, settings)).Message;
    }
}
