using AppChain.Client;
using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Admin;
using AppChain.Node.Driver;
using AppChain.Node.Peers;
using AppChain.Node.Signer;
using AppChain.Node.Sync;
using AppChain.Storage;

namespace AppChain.Node;

/// <summary>What a node holds open while it runs: keys, certificates, the signer record and the data of its home, which fit
/// together.</summary>
internal sealed class OpenHome : IDisposable
{
    private readonly Stack<IDisposable> opened = new();

    private OpenHome(NodeHome home, NodeConfig config)
    {
        (Home, Config) = (home, config);
        GenesisFile = GenesisFile.Load(home.GenesisFile);
        ChainId = Consensus.ChainId.Parse(Genesis.ChainId.Text);
    }

    public NodeHome Home { get; }

    public NodeConfig Config { get; }

    public GenesisFile GenesisFile { get; }

    public Genesis Genesis => GenesisFile.Genesis;

    /// <summary>The genesis's chain id as consensus knows it.</summary>
    public Consensus.ChainId ChainId { get; }

    /// <summary>What the validator signs with.</summary>
    public PrivateKey Key { get; private set; } = null!;

    /// <summary>What the node shows to others.</summary>
    public NodeIdentity Node { get; private set; } = null!;

    /// <summary>What reports and votes are signed with; null: nobody does either here.</summary>
    public PrivateKey? Operator { get; private set; }

    /// <summary>The public port's certificate; null: no TLS.</summary>
    public TlsCertificate? Tls { get; private set; }

    /// <summary>The admin port's; null: no TLS.</summary>
    public AdminPort.Certificates? AdminTls { get; private set; }

    public ChainStore Store { get; private set; } = null!;

    public SignerRecord Signed { get; private set; } = null!;

    /// <inheritdoc cref="NodeRuntime.Open"/>
    public static OpenHome Open(NodeHome home, NodeConfig config, uint protocol)
    {
        OpenHome open = new(home, config);
        try
        {
            open.OpenParts(protocol);
            return open;
        }
        catch
        {
            open.CloseParts();
            throw;
        }
    }

    public void Dispose()
    {
        try
        {
            Store.KeepProvenState();
        }
        finally
        {
            CloseParts();
        }
    }

    private void OpenParts(uint protocol)
    {
        Key = Keep(KeyFile.Load(Home.ValidatorKeyFile));
        if (Key.Scheme != Crypto.KeyScheme.Secp256k1)
            throw new ConfigException($"The key in {Home.ValidatorKeyFile} is of scheme {Key.Scheme}; validators sign with secp256k1.");
        if (GenesisFile.IndexOf(Key) is { } index && Config.Peer.Validators.ContainsKey($"{index}"))
            throw new ConfigException($"peer.validators has \"{index}\", which is this node itself; name the others only.");
        Node = Keep(NodeKey.Open(Home, Genesis.Hash, Key));
        Operator = Home.OperatorKeyFile(Config) is { } operatorFile ? Keep(KeyFile.Load(operatorFile)) : null;
        Tls = TlsCertificate.Load(Home, Config.Rpc) is { } tls ? Keep(tls) : null;
        AdminTls = AdminPort.Certificates.Load(Home, Config.Admin) is { } adminTls ? Keep(adminTls) : null;
        NextData.Take(Home);
        Store = Keep(ChainStore.Open(Home.DataDirectory, new StoreOptions()));
        Store.InitializeGenesis(Genesis.ChainId.Text, Genesis.Hash, LedgerState.ToStored(Genesis.InitialState()), Genesis.TimeMs);
        if (UpgradeGate.ProblemOf(new LedgerState(Store.Finalised), Store.Tip.Height + 1, protocol) is { } problem)
            throw problem;
        Signed = Keep(OpenSigned(Home.SignerRecordFile(Config), new SignerIdentity(Genesis.Hash, new Hash256(Key.PublicKey.Span))));
    }

    // Only a data directory that never held anything is a new validator's. Anywhere else a missing record was lost.
    private SignerRecord OpenSigned(string path, SignerIdentity identity) =>
        File.Exists(path) ? SignerRecord.Open(path, identity)
        : Store.Tip.Height == 0 && Store.Journal.LastSequence == 0
            ? SignerRecord.Create(path, identity, new SignedVotes(default, View.Genesis))
        : throw new SignerRecordException(
            $"The signer record {path} is missing, though this validator has run before: "
            + $"what its key signed is not known for certain. {SignerAdvice.Reset}");

    private T Keep<T>(T part) where T : IDisposable
    {
        opened.Push(part);
        return part;
    }

    private void CloseParts()
    {
        while (opened.TryPop(out IDisposable? part))
            part.Dispose();
    }
}
