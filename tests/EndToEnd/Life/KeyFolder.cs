using AppChain.Client;
using AppChain.Crypto;

namespace AppChain.EndToEnd.Life;

/// <summary>Key files of a test.</summary>
internal sealed class KeyFolder(string directory)
{
    /// <summary>Makes a key; returns its account.</summary>
    public Address Add(string name)
    {
        using PrivateKey key = PrivateKey.Generate(KeyScheme.Secp256k1);
        KeyFile.Save(File(name), key);
        return key.Address;
    }

    public string File(string name) => Path.Combine(directory, name + ".json");
}
