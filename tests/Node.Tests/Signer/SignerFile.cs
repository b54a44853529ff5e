using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Node.Signer;

namespace Node.Tests.Signer;

/// <summary>A signer record in a directory of its own, whose bytes a test may change.</summary>
internal sealed class SignerFile : IDisposable
{
    public static readonly SignerIdentity Identity = new(Hashing.Sha256("chain"u8), Hashing.Sha256("key"u8));

    private readonly string directory = Directory.CreateTempSubdirectory("appchain-signer-tests-").FullName;

    public string Path => System.IO.Path.Combine(directory, "signer", "record");

    public byte[] Bytes
    {
        get => File.ReadAllBytes(Path);
        set
        {
            // In place: ext4 syncs a file that is emptied and written anew, and tests do this thousands of times.
            using FileStream file = new(Path, FileMode.Open, FileAccess.Write);
            file.Write(value);
            file.SetLength(value.Length);
        }
    }

    public SignerRecord Create() => SignerRecord.Create(Path, Identity, new SignedVotes(default, View.Genesis));

    public SignerRecord Open() => SignerRecord.Open(Path, Identity);

    /// <summary>Adds the votes, each in a turn of its own.</summary>
    public void Sign(params VoteBody[] bodies)
    {
        using SignerRecord record = File.Exists(Path) ? Open() : Create();
        foreach (VoteBody body in bodies)
        {
            record.Add(body);
            record.Save();
        }
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);
}
