using System.Globalization;
using System.Text;
using AppChain.Crypto;
using Google.Protobuf;
using Wire = AppChain.Protos.V1;

namespace AppChain.Client;

/// <summary>
/// What an outbox holds, on disk: appended lines <c>+ sequence id transaction</c> for a proof that was taken (synced before the caller
/// hears so) and <c>- sequence</c> for one that is resolved. A line that a power failure cut short was never promised and is passed over.
/// A lost <c>-</c> line costs nothing: the proof is sent again, and the node says what became of it.
/// </summary>
internal sealed class OutboxFile : IDisposable
{
    private readonly FileStream stream;

    private OutboxFile(FileStream stream, IReadOnlyList<PendingProof> kept) => (this.stream, Kept) = (stream, kept);

    /// <summary>What the file held when it was opened, in order of sequence.</summary>
    public IReadOnlyList<PendingProof> Kept { get; }

    public static OutboxFile Open(string path)
    {
        SortedDictionary<ulong, PendingProof> kept = [];
        if (File.Exists(path))
        {
            // Only lines that end: what comes after the last line break was cut short.
            string text = File.ReadAllText(path);
            foreach (string line in text[..(text.LastIndexOf('\n') + 1)].Split('\n'))
                Replay(line, kept);
        }
        string rewritten = path + ".new";
        using (FileStream copy = new(rewritten, FileMode.Create, FileAccess.Write))
        {
            foreach (PendingProof proof in kept.Values)
                copy.Write(LineOf(proof));
            copy.Flush(flushToDisk: true);
        }
        File.Move(rewritten, path, overwrite: true);
        return new OutboxFile(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read), [.. kept.Values]);
    }

    public void Append(PendingProof proof)
    {
        stream.Write(LineOf(proof));
        stream.Flush(flushToDisk: true);
    }

    /// <param name="isLast">The outbox is empty now: a long file starts anew.</param>
    public void Remove(ulong sequence, bool isLast)
    {
        stream.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"- {sequence}\n")));
        if (isLast && stream.Length > ClientLimits.OutboxFileBytesMax)
            stream.SetLength(0);
        stream.Flush();
    }

    public void Dispose() => stream.Dispose();

    private static byte[] LineOf(PendingProof proof) => Encoding.ASCII.GetBytes(
        string.Create(
            CultureInfo.InvariantCulture, $"+ {proof.Sequence} {proof.Id} {Convert.ToBase64String(proof.Transaction.ToByteArray())}\n"));

    private static void Replay(string line, SortedDictionary<ulong, PendingProof> kept)
    {
        string[] words = line.Split(' ');
        if (words.Length < 2 || !ulong.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong sequence))
            return;
        if (words is ["-", _])
            kept.Remove(sequence);
        else if (words is ["+", _, var id, var transaction]
            && Hash256.TryParse(id, out Hash256 hash) && TryParse(transaction, out Wire.Transaction? parsed))
            kept[sequence] = new PendingProof(sequence, hash, parsed!);
    }

    private static bool TryParse(string base64, out Wire.Transaction? transaction)
    {
        transaction = null;
        byte[] bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out int length))
            return false;
        try
        {
            transaction = Wire.Transaction.Parser.ParseFrom(bytes, 0, length);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }
}
