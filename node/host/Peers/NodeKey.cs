using AppChain.Client;
using AppChain.Crypto;

namespace AppChain.Node.Peers;

/// <summary>The node key's file in the home.</summary>
public static class NodeKey
{
    /// <summary>
    /// Opens the identity of a home. A home without a node key gets one: nobody has to be told of it, since the consensus key vouches for it
    /// in the certificate.
    /// </summary>
    /// <exception cref="KeyFileException">The file is open to others, damaged, or cannot be written.</exception>
    /// <exception cref="ConfigException">It holds a key that cannot be the node's.</exception>
    public static NodeIdentity Open(NodeHome home, Hash256 genesis, PrivateKey consensusKey)
    {
        if (!File.Exists(home.NodeKeyFile))
            Create(home);
        PrivateKey key = KeyFile.Load(home.NodeKeyFile);
        string? problem = key.Scheme != KeyScheme.Secp256k1 ? $"is of scheme {key.Scheme}; nodes sign with secp256k1"
            : key.PublicKey.Span.SequenceEqual(consensusKey.PublicKey.Span) ? "is the validator key; give the node a key of its own"
            : null;
        if (problem is null)
            return new NodeIdentity(genesis, consensusKey, key);
        key.Dispose();
        throw new ConfigException($"The key in {home.NodeKeyFile} {problem}: move the file away, and the next start makes another one.");
    }

    /// <summary>Makes a new home's key.</summary>
    public static void Create(NodeHome home)
    {
        using PrivateKey key = PrivateKey.Generate(KeyScheme.Secp256k1);
        KeyFile.Save(home.NodeKeyFile, key);
    }
}
