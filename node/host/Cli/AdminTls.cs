using System.CommandLine;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AppChain.Client;

namespace AppChain.Node.Cli;

/// <summary>The options of commands that make admin calls: what to show to a port that wants a certificate, and whom to believe there.</summary>
internal sealed class AdminTls
{
    public Option<FileInfo?> Certificate { get; } = new("--certificate") { Description = "PEM file of your certificate, for an admin port with TLS" };

    public Option<FileInfo?> Key { get; } = new("--certificate-key") { Description = "PEM file of its key" };

    public Option<FileInfo?> Authority { get; } = new("--authority") { Description = "PEM file of who issued the admin port's own certificate (without it, whom this system believes)" };

    /// <summary>Opens a client to HOST:PORT, with TLS if a certificate is given.</summary>
    public NodeClient Connect(ParseResult arguments, string address)
    {
        (FileInfo? certificate, FileInfo? key, FileInfo? authority) = (arguments.GetValue(Certificate), arguments.GetValue(Key), arguments.GetValue(Authority));
        if (certificate is null && key is null && authority is null)
            return CommonOptions.Connect(address);
        if (certificate is null || key is null)
            throw new CommandException("--certificate and --certificate-key belong together: an admin port with TLS wants both.");
        return NodeClient.Connect("https://" + address.Replace("https://", "", StringComparison.Ordinal), Options(certificate.FullName, key.FullName, authority?.FullName));
    }

    private static SslClientAuthenticationOptions Options(string certificate, string key, string? authority)
    {
        try
        {
            SslClientAuthenticationOptions tls = new() { ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, key)] };
            if (authority is null)
                return tls;
            X509Certificate2Collection trusted = [];
            trusted.ImportFromPemFile(authority);
            tls.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(trusted);
            return tls;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new CommandException($"--certificate, --certificate-key or --authority cannot be used: {e.Message}");
        }
    }
}

/// <summary>Where a node answers admin calls.</summary>
internal static class AdminAddress
{
    /// <summary>HOST:PORT by its configuration.</summary>
    public static string Of(NodeHome home)
    {
        NodeConfig config = NodeConfig.Load(home, new Dictionary<string, string?>());
        (string setting, string listen) = config.Admin.Listen.Length > 0 ? ("admin.listen", config.Admin.Listen) : ("rpc.listen", config.Rpc.Listen);
        IPEndPoint port = NodeConfig.ParseEndpoint(setting, listen);
        if (config.Admin.Listen.Length == 0 && !IPAddress.IsLoopback(port.Address))
            throw new CommandException($"the node runs and answers no admin calls: rpc.listen is {listen}, where strangers call, and admin.listen is not set. Set it to a port on loopback.");
        // Where it listens on all addresses it is reached on loopback.
        return (port.Address.Equals(IPAddress.Any) || port.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.Loopback, port.Port) : port).ToString();
    }
}
