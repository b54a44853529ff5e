using System.Text;
using AppChain.Crypto;

namespace AppChain.Tests.Calibration.Protocols;

/// <summary>
/// Kinds of work that are shown by protocol and not by data: storage, compute and traffic. Draws, scores, checks and payments are the ledger's own;
/// what is at random comes from hashes of numbers, so that every run says the same.
/// </summary>
internal static class ProtocolCalibration
{
    private static readonly Lazy<Findings> Once = new(Run);

    public static Findings Findings => Once.Value;

    /// <summary>A beacon, or anything else that nobody could choose.</summary>
    public static Hash256 Chance(string of, int number) => Hashing.Sha256(Encoding.UTF8.GetBytes($"{of} {number}"));

    private static Findings Run() => new(
        [StorageStories.Keeps(), ComputeStories.Computes()],
        [.. StorageStories.Frauds(), .. ComputeStories.Frauds(), .. TrafficStories.Frauds()],
        "");
}
