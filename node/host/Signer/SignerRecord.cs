using AppChain.Consensus;
namespace AppChain.Node.Signer;

/// <summary>The signer record forbids a vote, or cannot be used. The message says why and what to do.</summary>
public sealed class SignerRecordException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>
/// The file that remembers what a key has signed, apart from the database, so that it outlives a data directory that is lost or put back
/// from a copy. Two slots are written in turn: while one is being written the other is whole, so a crash at any moment leaves what was
/// there before or after. One process holds the file at a time. See README.md.
/// </summary>
public sealed class SignerRecord : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnlyFolder = OwnerOnly | UnixFileMode.UserExecute;

    private readonly FileStream file;
    private readonly SignerIdentity identity;
    private ulong sequence;
    private bool changed;

    private SignerRecord(FileStream file, SignerSlot newest, bool torn)
    {
        (this.file, Votes, WasTorn) = (file, newest.Votes, torn);
        (sequence, identity) = (newest.Sequence, newest.Identity);
    }

    /// <summary>What was signed. Change it through <see cref="Add"/>.</summary>
    public SignedVotes Votes { get; }

    /// <summary>One of the two slots was not whole when the file was opened: a crash fell into its writing, or it was damaged since.</summary>
    public bool WasTorn { get; }

    /// <summary>Where the file is.</summary>
    public string Path => file.Name;

    /// <summary>Makes the record of a key that has signed nothing above the floor that the votes name.</summary>
    /// <exception cref="SignerRecordException">The file exists, or cannot be written.</exception>
    public static SignerRecord Create(string path, SignerIdentity identity, SignedVotes votes)
    {
        try
        {
            string folder = System.IO.Path.GetDirectoryName(path)!;
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, OwnerOnlyFolder);
            // Under another name until it is whole: a crash leaves no half record behind.
            FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = OwnerOnly;
            string unfinished = path + ".new";
            File.Delete(unfinished);
            using (FileStream file = new(unfinished, options))
            {
                file.Write(new SignerSlot(2, identity, votes).Encode());
                file.Write(new SignerSlot(1, identity, votes).Encode());
                file.Flush(flushToDisk: true);
            }
            File.Move(unfinished, path, overwrite: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SignerRecordException($"The signer record cannot be made: {e.Message}", e);
        }
        return Open(path, identity);
    }

    /// <summary>Makes a record in the place of whatever is there, which is kept with the ending <c>.old</c>. The operator answers for it.</summary>
    /// <exception cref="SignerRecordException">A running node holds the record, or it cannot be written.</exception>
    public static SignerRecord Replace(string path, SignerIdentity identity, SignedVotes votes)
    {
        if (File.Exists(path))
        {
            using FileStream held = OpenPrivately(path);
            File.Move(path, path + ".old", overwrite: true);
        }
        return Create(path, identity, votes);
    }

    /// <summary>Begins in an epoch above a view, if the record holds nothing; durable when it returns.</summary>
    public void BeginAbove(Epoch epoch, View floor)
    {
        Votes.BeginAbove(epoch, floor);
        changed = true;
        Save();
    }

    /// <summary>Opens and locks the record.</summary>
    /// <exception cref="SignerRecordException">Held by another process, open to others, damaged, or of another key or chain.</exception>
    public static SignerRecord Open(string path, SignerIdentity identity)
    {
        FileStream file = OpenPrivately(path);
        try
        {
            SignerSlot? first = ReadSlot(file, 0), second = ReadSlot(file, 1);
            SignerSlot newest = (first?.Sequence > (second?.Sequence ?? 0) ? first : second) ?? throw new SignerRecordException(
                $"The signer record {path} is damaged: neither of its two slots is whole, so it is not known what this key has signed. Check the disk. "
                + SignerAdvice.Reset);
            if (newest.Identity != identity)
                throw new SignerRecordException(
                    $"The signer record {path} belongs to another {(newest.Identity.PublicKey != identity.PublicKey ? "key" : "chain")} than this node's. "
                    + "Put back the one that belongs here, or name it with the setting signer.record; never share one between validators.");
            return new SignerRecord(file, newest, torn: first is null || second is null);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Remembers a new vote, in memory; <see cref="Save"/> comes before it is sent.</summary>
    public void Add(Consensus.VoteBody body)
    {
        Votes.Add(body);
        changed = true;
    }

    /// <summary>Returns when all that was added is on disk.</summary>
    /// <exception cref="SignerRecordException">The disk failed. Nothing may be sent, and nothing more may be signed before the file was opened again.</exception>
    public void Save()
    {
        if (!changed)
            return;
        try
        {
            sequence++;
            RandomAccess.Write(file.SafeFileHandle, new SignerSlot(sequence, identity, Votes).Encode(), OffsetOf(sequence));
            RandomAccess.FlushToDisk(file.SafeFileHandle);
            changed = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SignerRecordException($"The signer record {Path} cannot be written, so the node stops before it sends a vote: {e.Message}", e);
        }
    }

    public void Dispose() => file.Dispose();

    // The slot that holds the older of the two is overwritten; Create writes sequence 2 first.
    private static long OffsetOf(ulong sequence) => (long)(sequence % 2) * SignerSlot.Size;

    private static SignerSlot? ReadSlot(FileStream file, ulong index)
    {
        Span<byte> slot = new byte[SignerSlot.Size];
        int length = RandomAccess.Read(file.SafeFileHandle, slot, OffsetOf(index));
        return SignerSlot.TryDecode(slot[..length]);
    }

    private static FileStream OpenPrivately(string path)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            UnixFileMode mode = OperatingSystem.IsWindows() ? OwnerOnly : File.GetUnixFileMode(file.SafeFileHandle);
            if ((mode & ~OwnerOnlyFolder) == 0)
                return file;
            file.Dispose();
            throw new SignerRecordException(
                $"{path} is open to others (mode {Convert.ToString((int)mode, 8)}), who could make this key contradict itself: run `chmod 600 {path}` first.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new SignerRecordException(
                $"The signer record cannot be opened: {e.Message} If another appchain runs with this key, stop one of them: two would contradict each other.", e);
        }
    }
}
