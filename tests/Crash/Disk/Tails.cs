using AppChain.Crash.World;

namespace AppChain.Crash.Disk;

/// <summary>What a power cut leaves of the bytes that were written to a file since its last sync.</summary>
internal sealed class Tails
{
    private const int PageBytes = 4_096;

    private readonly Fault fault;

    private Tails(Fault fault) => this.fault = fault;

    /// <summary>Null where there is no power cut.</summary>
    public static Tails? Of(Fault fault) => fault == Fault.Killed ? null : new Tails(fault);

    public FileContent Left(string name, FileContent file, Random random)
    {
        int certain = fault == Fault.LogNotSynced && name.EndsWith(".log", StringComparison.Ordinal) ? 0 : file.Synced;
        byte[] bytes = file.Bytes.ToArray();
        int kept = random.Next(4) switch
        {
            0 => certain,
            1 => bytes.Length,
            _ => random.Next(certain, bytes.Length + 1),
        };
        if (fault != Fault.PowerCutAnyPages)
            bytes = bytes[..kept];
        else if (random.Next(2) == 0)
            bytes.AsSpan(kept).Clear();
        else
            LosePages(bytes, certain, random);
        return FileContent.Of(bytes, bytes.Length);
    }

    private static void LosePages(byte[] bytes, int certain, Random random)
    {
        for (int page = certain / PageBytes * PageBytes; page < bytes.Length; page += PageBytes)
        {
            if (random.Next(2) == 0)
                continue;
            int from = Math.Max(page, certain);
            bytes.AsSpan(from, Math.Min(page + PageBytes, bytes.Length) - from).Clear();
        }
    }
}
