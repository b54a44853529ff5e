using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AppChain.Node;

/// <summary>The certificate of a port, as an authority issues it: PEM files of the chain and of the key.</summary>
/// <param name="Own">The node's certificate, with its key.</param>
/// <param name="Chain">All of the file, the node's own first: what lies between it and an authority that callers know.</param>
public sealed record TlsCertificate(X509Certificate2 Own, X509Certificate2Collection Chain) : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Reads the files that the settings name, from the home on if they are not absolute; null if they name none.</summary>
    /// <exception cref="ConfigException">A file is missing, is no PEM, does not fit the other, or is a key that others may read.</exception>
    public static TlsCertificate? Load(NodeHome home, NodeConfig.RpcConfig rpc) => Load(home, "rpc", rpc.TlsCertificate, rpc.TlsKey);

    /// <inheritdoc cref="Load(NodeHome, NodeConfig.RpcConfig)"/>
    /// <param name="section">The section of the settings, for errors.</param>
    public static TlsCertificate? Load(NodeHome home, string section, string certificateFile, string keyFile)
    {
        if (certificateFile.Length == 0)
            return null;
        string certificate = Path.Combine(home.Path, certificateFile);
        string key = Path.Combine(home.Path, keyFile);
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(key) & ~OwnerOnly) != 0)
                throw new ConfigException($"{section}.tlsKey: {key} can be read by others: run `chmod 600 {key}` first.");
            X509Certificate2Collection chain = [];
            chain.ImportFromPemFile(certificate);
            return new TlsCertificate(X509Certificate2.CreateFromPemFile(certificate, key), chain);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new ConfigException($"{section}.tlsCertificate and {section}.tlsKey cannot be used ({certificate}, {key}): {e.Message}");
        }
    }

    public void Dispose()
    {
        Own.Dispose();
        foreach (X509Certificate2 certificate in Chain)
            certificate.Dispose();
    }
}
