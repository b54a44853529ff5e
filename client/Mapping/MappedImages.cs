using System.Collections.Immutable;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Client.Mapping;

/// <summary>
/// What a camera makes a proof of: images on disk, and the drive around the moment in which they were taken (docs/mapping.md).
/// </summary>
public static class MappedImages
{
    /// <summary>
    /// What a proof commits to: the root of the Merkle list of the SHA-256 hashes of the files, in the order in which they are named.
    /// </summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Hash256 RootOf(IReadOnlyList<string> paths) =>
        MerkleList.Root([.. paths.Select(path => Hashing.Sha256(File.ReadAllBytes(path)))]);

    /// <summary>
    /// Of a longer drive the points around a moment, as many as fit into a proof; the moment lies between the first and the last one if it
    /// does in the drive.
    /// </summary>
    /// <param name="drive">Ascending by time.</param>
    public static ImmutableArray<TrackPoint> Around(IReadOnlyList<TrackPoint> drive, ulong atMs)
    {
        int at = 0;
        while (at < drive.Count && drive[at].AtMs < atMs)
            at++;
        int first = int.Clamp(at - (MapImage.PointsMax / 2), 0, int.Max(drive.Count - MapImage.PointsMax, 0));
        return [.. drive.Skip(first).Take(MapImage.PointsMax)];
    }
}
