using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AppChain.Node.Admin;

/// <summary>Whose certificates open the admin port: those of an authority of the operator's own, those that are named one by one, or both.</summary>
public sealed class AdminClients : IDisposable
{
    // id-kp-clientAuth (RFC 5280): a certificate of a server, of the same authority, is none of a client.
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private readonly X509Certificate2Collection authorities = [];
    private readonly HashSet<string> fingerprints;

    private AdminClients(IEnumerable<string> fingerprints) => this.fingerprints = fingerprints.ToHashSet(StringComparer.Ordinal);

    /// <summary>Reads what the settings name; the file from the home on if it is not absolute.</summary>
    /// <exception cref="ConfigException">The file is missing or holds no certificate.</exception>
    public static AdminClients Load(NodeHome home, NodeConfig.AdminConfig admin)
    {
        AdminClients clients = new(admin.FingerprintList());
        if (admin.ClientCa.Length == 0)
            return clients;
        string file = Path.Combine(home.Path, admin.ClientCa);
        try
        {
            clients.authorities.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ConfigException($"admin.clientCa cannot be used ({file}): {e.Message}");
        }
        return clients.authorities.Count > 0 ? clients : throw new ConfigException($"admin.clientCa: {file} holds no certificate.");
    }

    /// <summary>Whether the certificate that a caller proved to have the key of opens the port. Null: it showed none.</summary>
    public bool IsKnown(X509Certificate2? shown, DateTime now)
    {
        if (shown is null || now < shown.NotBefore || now > shown.NotAfter)
            return false;
        return fingerprints.Contains(shown.GetCertHashString(HashAlgorithmName.SHA256)) || (authorities.Count > 0 && IsIssued(shown, now));
    }

    public void Dispose()
    {
        foreach (X509Certificate2 authority in authorities)
            authority.Dispose();
    }

    private bool IsIssued(X509Certificate2 shown, DateTime now)
    {
        using X509Chain chain = new()
        {
            ChainPolicy =
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                // There is no list of what was revoked: who is to lose access gets no new certificate, or is named by fingerprint instead.
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
                VerificationTime = now,
            },
        };
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.ApplicationPolicy.Add(ClientAuthentication);
        return chain.Build(shown);
    }
}
