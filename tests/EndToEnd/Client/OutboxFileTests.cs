using AppChain.Client;
using AppChain.Crypto;
using AppChain.Protos.V1;
using Google.Protobuf;

namespace AppChain.EndToEnd.Client;

public sealed class OutboxFileTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("appchain-outbox-");

    private string FilePath => Path.Combine(directory.FullName, "outbox");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public void Open_AfterAppendsAndRemoves_HoldsWhatWasNotRemoved()
    {
        using (OutboxFile file = OutboxFile.Open(FilePath))
        {
            file.Append(Proof(1));
            file.Append(Proof(2));
            file.Append(Proof(3));
            file.Remove(2, isLast: false);
        }

        using OutboxFile again = OutboxFile.Open(FilePath);

        Assert.Equal([1UL, 3UL], again.Kept.Select(proof => proof.Sequence));
        Assert.Equal(Proof(3).Transaction, again.Kept[1].Transaction);
        Assert.Equal(Proof(3).Id, again.Kept[1].Id);
    }

    [Fact]
    public void Open_LastLineCutAnywhere_KeepsEverythingBeforeIt()
    {
        using (OutboxFile file = OutboxFile.Open(FilePath))
        {
            file.Append(Proof(1));
            file.Append(Proof(2));
        }
        byte[] whole = File.ReadAllBytes(FilePath);
        int firstLine = Array.IndexOf(whole, (byte)'\n') + 1;
        for (int length = firstLine; length < whole.Length; length++)
        {
            File.WriteAllBytes(FilePath, whole[..length]);

            using OutboxFile cut = OutboxFile.Open(FilePath);

            Assert.Equal(1UL, cut.Kept[0].Sequence);
            // A cut between base64 groups still reads as a shorter transaction: it must not be taken for one.
            Assert.True(cut.Kept.Count == 1, $"{length} bytes of {whole.Length} gave {cut.Kept.Count} proofs");
        }
    }

    private static PendingProof Proof(ulong sequence)
    {
        Transaction transaction = new() { Body = ByteString.CopyFrom(new byte[40 + (int)sequence]) };
        return new PendingProof(sequence, Hashing.Sha256([(byte)sequence]), transaction);
    }
}
