using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace AppChain.Node;

/// <summary>A setting is missing or wrong. The message names the setting, where it came from and what it may be.</summary>
public sealed class ConfigException(string message) : Exception(message);

/// <summary>Where a node lives on disk. One home belongs to one running node.</summary>
public sealed class NodeHome(string path)
{
    public string Path { get; } = System.IO.Path.GetFullPath(path);
    public string ConfigFile => System.IO.Path.Combine(Path, "config.json");
    public string GenesisFile => System.IO.Path.Combine(Path, "genesis.json");
    public string ValidatorKeyFile => System.IO.Path.Combine(Path, "keys", "validator.json");

    /// <summary>The key by which other nodes know this one.</summary>
    public string NodeKeyFile => System.IO.Path.Combine(Path, "keys", "node.json");

    /// <summary>The operator's key: where the setting <c>operator.key</c> says, from the home on if it is not absolute; null without one.</summary>
    public string? OperatorKeyFile(NodeConfig config) =>
        config.Operator.Key.Length > 0 ? System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, config.Operator.Key)) : null;

    public string DataDirectory => System.IO.Path.Combine(Path, "data");
    /// <summary>Where a snapshot from other nodes grows.</summary>
    public string IncomingDirectory => System.IO.Path.Combine(Path, "incoming");

    /// <summary>The data directory that takes the present one's place at the next start: it is whole when it has this name.</summary>
    public string NextDataDirectory => System.IO.Path.Combine(Path, "data.next");

    public string SnapshotsDirectory => System.IO.Path.Combine(Path, "snapshots");

    /// <summary>The signer record: where the setting <c>signer.record</c> says, from the home on if it is not absolute; <c>signer/record</c> without one.</summary>
    public string SignerRecordFile(NodeConfig config) =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, config.Signer.Record.Length > 0 ? config.Signer.Record : "signer/record"));
}

/// <summary>
/// A node's settings: <c>config.json</c> in its home, overridden by environment variables (<c>APPCHAIN_RPC__LISTEN</c> sets
/// <c>rpc.listen</c>), overridden by flags. Checked once, at start.
/// </summary>
public sealed class NodeConfig
{
    private const string EnvironmentPrefix = "APPCHAIN_";

    /// <summary>The node's name for people.</summary>
    public string Moniker { get; set; } = "node";

    public RpcConfig Rpc { get; set; } = new();
    public AdminConfig Admin { get; set; } = new();
    public PeerConfig Peer { get; set; } = new();
    public ConsensusConfig Consensus { get; set; } = new();
    public PoolConfig Pool { get; set; } = new();
    public SignerConfig Signer { get; set; } = new();
    public StorageConfig Storage { get; set; } = new();
    public OperatorConfig Operator { get; set; } = new();
    public SyncConfig Sync { get; set; } = new();

    public sealed class RpcConfig
    {
        /// <summary>Where the public gRPC services listen, HOST:PORT; the host is an IP address.</summary>
        public string Listen { get; set; } = "127.0.0.1:26600";

        /// <summary>
        /// Origins whose web pages may call by gRPC-Web, beside the node's own under an address or as <c>localhost</c>:
        /// <c>https://HOST[:PORT]</c>, with commas between; <c>*</c> for every page.
        /// </summary>
        public string WebOrigins { get; set; } = "";

        /// <summary>
        /// What subscribers that read old blocks may take of one processor's time, all together, in percent. A node that is there to serve history
        /// can have 100.
        /// </summary>
        public int HistoryPercent { get; set; } = 10;

        /// <summary>PEM file of the public port's certificate and those between it and its authority; empty: the port speaks no TLS.</summary>
        public string TlsCertificate { get; set; } = "";

        /// <summary>PEM file of the certificate's key.</summary>
        public string TlsKey { get; set; } = "";

        /// <summary>The origins one by one.</summary>
        public IReadOnlyList<string> WebOriginList() => WebOrigins.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    public sealed class AdminConfig
    {
        /// <summary>Where admin calls are answered, HOST:PORT; empty: beside the public services if they are on loopback, else nowhere.</summary>
        public string Listen { get; set; } = "";

        /// <summary>PEM file of the admin port's certificate and those between it and its authority; empty: no TLS, and on loopback only.</summary>
        public string TlsCertificate { get; set; } = "";

        /// <summary>PEM file of the certificate's key.</summary>
        public string TlsKey { get; set; } = "";

        /// <summary>PEM file of authorities whose certificates open the port.</summary>
        public string ClientCa { get; set; } = "";

        /// <summary>SHA-256 fingerprints of certificates that open the port, in hex, with commas between; colons in them are ignored.</summary>
        public string ClientFingerprints { get; set; } = "";

        /// <summary>The fingerprints one by one, in upper case and without colons.</summary>
        public IReadOnlyList<string> FingerprintList() =>
        [
            .. ClientFingerprints.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(static text => text.Replace(":", "", StringComparison.Ordinal).ToUpperInvariant()),
        ];
    }

    public sealed class PeerConfig
    {
        /// <summary>Where other nodes reach this one, HOST:PORT; the host is an IP address.</summary>
        public string Listen { get; set; } = "127.0.0.1:26601";

        /// <summary>The other validators' peer addresses by their index in genesis.</summary>
        public Dictionary<string, string> Validators { get; set; } = [];
    }

    public sealed class ConsensusConfig
    {
        /// <summary>How long a view waits for a proposal before this node votes to skip it.</summary>
        public int LeaderTimeoutMs { get; set; } = 250;

        /// <summary>How long a view waits for a notarization before this node votes to skip it.</summary>
        public int AdvanceTimeoutMs { get; set; } = 500;

        /// <summary>With nothing to include, how long a leader waits before it proposes an empty block.</summary>
        public int IdleIntervalMs { get; set; } = 1_000;

        /// <summary>
        /// How long after the proposal before it a leader makes the next one at the earliest. Blocks cost the same however little is in them: where
        /// validators are near to each other this spares most of the work when little is sent, for half the interval of latency. No more than half of the leader timeout counts. 0: no pause.
        /// </summary>
        public int ProposalIntervalMs { get; set; } = 40;
    }

    public sealed class PoolConfig
    {
        /// <summary>How long a transaction waits for others before its batch is cut.</summary>
        public int BatchDelayMs { get; set; } = 5;

        /// <summary>How long after a batch the next one is cut at the earliest, unless it is full or this node proposes.</summary>
        public int BatchIntervalMs { get; set; } = 25;

        /// <summary>Transactions of one device that this node admits in a second, in the long run; 0: any number. Batches of peers are not counted.</summary>
        public int DevicePerSecond { get; set; } = 20;

        /// <summary>The same, at once after a pause: more than the chain's window of 64 numbers.</summary>
        public int DeviceBurst { get; set; } = 100;

        /// <summary>Transactions of one account that this node admits in a second, in the long run; 0: any number.</summary>
        public int AccountPerSecond { get; set; } = 200;

        /// <summary>The same, at once after a pause.</summary>
        public int AccountBurst { get; set; } = 1_000;
    }

    public sealed class SignerConfig
    {
        /// <summary>The file that remembers what the validator key has signed; empty for <c>signer/record</c> in the home. Best on other storage than the data.</summary>
        public string Record { get; set; } = "";
    }

    public sealed class OperatorConfig
    {
        /// <summary>The key file of an account that reports contradictions of validators, and pays for the report; empty: they are only logged.</summary>
        public string Key { get; set; } = "";
    }

    public sealed class SyncConfig
    {
        /// <summary>Behind by more blocks than this the node takes the state from its peers, and not the blocks.</summary>
        public int StateAboveBlocks { get; set; } = 5_000;

        /// <summary>At the end of every so many epochs of consensus the node makes a snapshot for others; 0: never. Best the same on all nodes.</summary>
        public int SnapshotEpochs { get; set; } = 10;
    }

    public sealed class StorageConfig
    {
        /// <summary>How much of old blocks is kept: see <see cref="PruneSetting"/>.</summary>
        public string Prune { get; set; } = PruneSetting.Default;
    }

    /// <summary>Reads file, environment and flags, in rising order of precedence, and checks every value.</summary>
    /// <param name="flags">Settings by path, e.g. <c>Rpc:Listen</c>; null values are flags that were not given.</param>
    /// <exception cref="ConfigException">A value is wrong, unknown or missing.</exception>
    public static NodeConfig Load(NodeHome home, IReadOnlyDictionary<string, string?> flags)
    {
        if (!File.Exists(home.ConfigFile))
            throw new ConfigException($"{home.ConfigFile} does not exist: run `appchain init --home {home.Path}` first.");
        RefuseUnknownSettings(home.ConfigFile);
        RefuseUnknownVariables();
        try
        {
            IConfigurationRoot root = new ConfigurationBuilder()
                .AddJsonFile(home.ConfigFile, optional: false, reloadOnChange: false)
                .AddEnvironmentVariables(EnvironmentPrefix)
                .AddInMemoryCollection(flags.Where(flag => flag.Value is not null))
                .Build();
            NodeConfig config = new();
            root.Bind(config);
            config.Check();
            return config;
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or InvalidOperationException)
        {
            throw new ConfigException($"The configuration cannot be read ({home.ConfigFile}, {EnvironmentPrefix}* variables, flags): {e.InnerException?.Message ?? e.Message}");
        }
    }

    /// <summary>Writes the settings as <c>config.json</c>.</summary>
    public void Save(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this, JsonOptions) + "\n");

    private static readonly JsonSerializerOptions JsonOptions = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        PropertyNameCaseInsensitive = true,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    // The configuration library ignores names that it does not know; a mistyped setting must not pass silently.
    private static void RefuseUnknownSettings(string file)
    {
        try
        {
            _ = JsonSerializer.Deserialize<NodeConfig>(File.ReadAllText(file), JsonOptions);
        }
        catch (JsonException e)
        {
            throw new ConfigException($"{file}: {e.Message}");
        }
    }

    private static void RefuseUnknownVariables()
    {
        foreach (string name in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(name => name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase)))
        {
            Type? section = typeof(NodeConfig);
            foreach (string part in name[EnvironmentPrefix.Length..].Split("__"))
            {
                // Below a dictionary any key goes: Check judges them.
                if (section == typeof(Dictionary<string, string>))
                    break;
                section = section?.GetProperties().FirstOrDefault(property => property.Name.Equals(part, StringComparison.OrdinalIgnoreCase))?.PropertyType;
            }
            if (section is null)
                throw new ConfigException($"The environment variable {name} names no setting; expected one like {EnvironmentPrefix}RPC__LISTEN for rpc.listen.");
        }
    }

    /// <summary>Parses HOST:PORT.</summary>
    public static IPEndPoint ParseEndpoint(string setting, string value)
    {
        // TryParse takes a bare address too, as port 0; a port must have been written.
        bool hasPort = value.LastIndexOf(':') > value.LastIndexOf(']') && value.Contains(':', StringComparison.Ordinal);
        return hasPort && IPEndPoint.TryParse(value, out IPEndPoint? endpoint)
            ? endpoint
            : throw new ConfigException($"{setting} is \"{value}\"; expected an IP address and a port, such as 127.0.0.1:26600.");
    }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ConfigException">A value is wrong; the message names it.</exception>
    public void Check()
    {
        ParseEndpoint("rpc.listen", Rpc.Listen);
        InRange("rpc.historyPercent", Rpc.HistoryPercent, 1, 100);
        if ((Rpc.TlsCertificate.Length == 0) != (Rpc.TlsKey.Length == 0))
            throw new ConfigException("rpc.tlsCertificate and rpc.tlsKey belong together: one of them is missing.");
        foreach (string origin in Rpc.WebOriginList())
        {
            // What a browser sends is compared as text: a path or a final slash would never match.
            if (origin != "*" && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? page) && page.Scheme is "http" or "https" && page.GetLeftPart(UriPartial.Authority) == origin))
                throw new ConfigException($"rpc.webOrigins has \"{origin}\"; expected https://HOST[:PORT], in lower case and without a path, or *.");
        }
        CheckAdmin();
        ParseEndpoint("peer.listen", Peer.Listen);
        foreach ((string index, string address) in Peer.Validators)
        {
            if (!ushort.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number) || number.ToString(CultureInfo.InvariantCulture) != index)
                throw new ConfigException($"peer.validators: \"{index}\" is not a validator index; expected 0, 1, 2 …, its place in genesis.");
            ParseEndpoint($"peer.validators.{index}", address);
        }
        InRange("consensus.leaderTimeoutMs", Consensus.LeaderTimeoutMs, 10, 60_000);
        InRange("consensus.advanceTimeoutMs", Consensus.AdvanceTimeoutMs, 20, 120_000);
        if (Consensus.AdvanceTimeoutMs <= Consensus.LeaderTimeoutMs)
            throw new ConfigException($"consensus.advanceTimeoutMs is {Consensus.AdvanceTimeoutMs}; it must be above consensus.leaderTimeoutMs ({Consensus.LeaderTimeoutMs}).");
        InRange("consensus.idleIntervalMs", Consensus.IdleIntervalMs, 50, 60_000);
        InRange("consensus.proposalIntervalMs", Consensus.ProposalIntervalMs, 0, 30_000);
        InRange("pool.batchDelayMs", Pool.BatchDelayMs, 0, 1_000);
        InRange("pool.batchIntervalMs", Pool.BatchIntervalMs, 0, 1_000);
        InRange("pool.devicePerSecond", Pool.DevicePerSecond, 0, NodeLimits.SignerRateMax);
        InRange("pool.deviceBurst", Pool.DeviceBurst, 1, NodeLimits.SignerRateMax);
        InRange("pool.accountPerSecond", Pool.AccountPerSecond, 0, NodeLimits.SignerRateMax);
        InRange("pool.accountBurst", Pool.AccountBurst, 1, NodeLimits.SignerRateMax);
        InRange("sync.stateAboveBlocks", Sync.StateAboveBlocks, 1, 1_000_000_000);
        InRange("sync.snapshotEpochs", Sync.SnapshotEpochs, 0, 1_000_000);
        PruneSetting.Parse("storage.prune", Storage.Prune);
    }

    private void CheckAdmin()
    {
        bool hasTls = Admin.TlsCertificate.Length > 0, hasClients = Admin.ClientCa.Length > 0 || Admin.FingerprintList().Count > 0;
        if (hasTls != Admin.TlsKey.Length > 0)
            throw new ConfigException("admin.tlsCertificate and admin.tlsKey belong together: one of them is missing.");
        if (hasTls != hasClients)
            throw new ConfigException("admin.tlsCertificate and admin.clientCa or admin.clientFingerprints belong together: one of them is missing.");
        if (Admin.FingerprintList().FirstOrDefault(static text => text.Length != 64 || !text.All(char.IsAsciiHexDigit)) is { } wrong)
            throw new ConfigException($"admin.clientFingerprints has \"{wrong}\"; expected the SHA-256 of a certificate, 64 hex digits.");
        if (Admin.Listen.Length == 0 && hasTls)
            throw new ConfigException("admin.tlsCertificate is set, and admin.listen is not: say where the port is.");
        if (Admin.Listen.Length > 0 && !hasTls && !IPAddress.IsLoopback(ParseEndpoint("admin.listen", Admin.Listen).Address))
            throw new ConfigException($"admin.listen is {Admin.Listen}, which is not on loopback: it needs admin.tlsCertificate, and client certificates that it knows.");
    }

    private static void InRange(string setting, int value, int minimum, int maximum)
    {
        if (value < minimum || value > maximum)
            throw new ConfigException($"{setting} is {value}; expected {minimum} to {maximum}.");
    }
}
