using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Node.Tests;

/// <summary>An authority for a test, with certificates that it issued and others.</summary>
[UnsupportedOSPlatform("windows")] // modes of files
internal sealed class CertificateMaker : IDisposable
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1", ClientUse = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 authority = SelfSigned("CN=authority", isAuthority: true);
    private readonly Dictionary<string, X509Certificate2> strangers = [];
    private readonly List<X509Certificate2> made = [];

    /// <summary>What a caller shows, and how it calls with that.</summary>
    public sealed record Shown(string Name, SslClientAuthenticationOptions Tls, string Fingerprint);

    /// <summary>A folder that is deleted with this.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("appchain-certificates-").FullName;

    /// <summary>No certificate at all.</summary>
    public Shown None => new("none", Trusting(null), "");

    public void WriteAuthority(string folder, string file) => File.WriteAllText(Path.Combine(folder, file), authority.ExportCertificatePem());

    public void WriteServer(string folder, string certificateFile, string keyFile)
    {
        X509Certificate2 server = Issue("CN=server", ServerUse, TimeSpan.FromDays(1));
        File.WriteAllText(Path.Combine(folder, certificateFile), server.ExportCertificatePem());
        string key = Path.Combine(folder, keyFile);
        File.WriteAllText(key, server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>Issued for a client.</summary>
    public Shown OfClient(string name) => Show(name, Issue($"CN={name}", ClientUse, TimeSpan.FromDays(1)));

    /// <summary>Issued for a server.</summary>
    public Shown OfServer() => Show("a server", Issue("CN=server", ServerUse, TimeSpan.FromDays(1)));

    /// <summary>Issued for a client, long ago.</summary>
    public Shown Expired(string name) => Show($"{name}, expired", Issue($"CN={name}", ClientUse, TimeSpan.FromDays(-1)));

    /// <summary>Issued by nobody; the same for the same name.</summary>
    public Shown OfStranger(string name)
    {
        if (!strangers.TryGetValue(name, out X509Certificate2? certificate))
            strangers.Add(name, certificate = SelfSigned($"CN={name}", isAuthority: false));
        return Show(name, certificate);
    }

    public void Dispose()
    {
        foreach (X509Certificate2 certificate in (IEnumerable<X509Certificate2>)[authority, .. made, .. strangers.Values])
            certificate.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private Shown Show(string name, X509Certificate2 certificate) =>
        new(name, Trusting(certificate), string.Join(':', Convert.ToHexString(certificate.GetCertHash(HashAlgorithmName.SHA256)).ToLowerInvariant().Chunk(2).Select(static pair => new string(pair))));

    private SslClientAuthenticationOptions Trusting(X509Certificate2? certificate)
    {
        SslClientAuthenticationOptions tls = new()
        {
            CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck },
        };
        tls.CertificateChainPolicy.CustomTrustStore.Add(authority);
        if (certificate is not null)
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        return tls;
    }

    private X509Certificate2 Issue(string name, string use, TimeSpan until)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 issued = request.Create(authority, now.AddDays(-2), now + until, RandomNumberGenerator.GetBytes(8));
        made.Add(issued.CopyWithPrivateKey(key));
        return made[^1];
    }

    private static X509Certificate2 SelfSigned(string name, bool isAuthority)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-3), DateTimeOffset.UtcNow.AddDays(3));
    }
}
