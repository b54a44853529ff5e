using AppChain.Client;
using AppChain.Devnet.Chain;
using AppChain.Devnet.Processes;
using AppChain.Devnet.Watch;

namespace AppChain.Devnet.Bench;

/// <summary>What all validators together have used up to a moment, as the operating system counts it.</summary>
/// <param name="CpuSeconds">Of all validators.</param>
/// <param name="RssBytesWorst">Resident memory of the largest one.</param>
/// <param name="DiskBytes">In the files of all homes.</param>
/// <param name="Height">Of the first validator.</param>
internal sealed record Usage(long Timestamp, double CpuSeconds, long RssBytesWorst, long DiskBytes, ulong Height);

/// <summary>Reads <see cref="Usage"/>.</summary>
internal sealed class ResourceMeter(ValidatorGroup validators, DevnetDirectory directory, TimeProvider time)
{
    public async Task<Usage> ReadAsync(CancellationToken cancellation)
    {
        ulong height = (await validators.Members[0].Client.GetStatusAsync(DevnetLimits.StatusDeadline, cancellation)).Height;
        (double CpuSeconds, long RssBytes, bool Paused)[] usages = [.. validators.Members.Select(member => member.Process.Usage)];
        long disk = Enumerable.Range(0, validators.Members.Count).Sum(index => BytesOf(directory.Home(index)));
        return new Usage(time.GetTimestamp(), usages.Sum(usage => usage.CpuSeconds), usages.Max(usage => usage.RssBytes), disk, height);
    }

    private static long BytesOf(string home)
    {
        long bytes = 0;
        foreach (FileInfo file in new DirectoryInfo(home).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            file.Refresh();
            bytes += file.Exists ? file.Length : 0; // the store drops files while this looks at them
        }
        return bytes;
    }
}
