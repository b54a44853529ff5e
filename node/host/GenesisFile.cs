using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node;

/// <summary>A genesis file: its bytes, which the genesis hash covers, and what they say.</summary>
public sealed record GenesisFile(ReadOnlyMemory<byte> Bytes, Genesis Genesis)
{
    /// <summary>Reads and validates the file.</summary>
    /// <exception cref="ConfigException">It is missing, or something in it is wrong: the message names the place.</exception>
    public static GenesisFile Load(string path)
    {
        if (!File.Exists(path))
            throw new ConfigException($"{path} does not exist: give the chain's genesis file.");
        if (new FileInfo(path).Length > LedgerLimits.GenesisBytesMax)
            throw new ConfigException($"{path} is no genesis file: it is larger than {LedgerLimits.GenesisBytesMax} bytes.");
        byte[] bytes = File.ReadAllBytes(path);
        return Genesis.TryParse(bytes, out Genesis? genesis, out string? error)
            ? new GenesisFile(bytes, genesis)
            : throw new ConfigException($"{path}: {error}");
    }

    /// <summary>The key's place among the validators; null if it has none.</summary>
    public int? IndexOf(PrivateKey key)
    {
        for (int index = 0; index < Genesis.Validators.Length; index++)
        {
            if (key.Scheme == KeyScheme.Secp256k1 && Genesis.Validators[index].PublicKey.Span.SequenceEqual(key.PublicKey.Span))
                return index;
        }
        return null;
    }
}
