using System.Collections.Immutable;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Calibration.Protocols;

/// <summary>A deal about a file of a thousand chunks for three years of daily windows, and how much of it is there.</summary>
internal static class StorageStories
{
    private const string Data = "Storage";
    private const int Chunks = 1_000, Windows = 3 * 365;

    private static readonly StorageScoreRules Rules = new();

    private static readonly byte[][] Bytes = [.. Enumerable.Range(0, Chunks).Select(i => ProtocolCalibration.Chance("chunk", i).Bytes.ToArray())];
    private static readonly Hash256[] Hashes = [.. Bytes.Select(chunk => Hashing.Sha256(chunk))];
    private static readonly StoredFile File = new(ProtocolCalibration.Chance("deal", 0), MerkleList.Root(Hashes), Chunks);

    public static Finding Keeps() => Play("keeps the file", static _ => true);

    public static IEnumerable<Finding> Frauds() =>
    [
        Play("keeps nothing of the file", static _ => false),
        Play("keeps one chunk in a hundred", static index => index % 100 == 0),
        Play("keeps one chunk in a hundred, and shows others in place of what it lacks", static index => index % 100 == 0, instead: 0),
        Play("keeps the hashes of all chunks, and a hash in the place of each", static _ => true, forge: true),
    ];

    // The bond's burning is left out: it only makes less of it.
    private static Finding Play(string story, Func<int, bool> has, int? instead = null, bool forge = false)
    {
        ulong passed = 0;
        int caught = 0;
        for (int window = 0; window < Windows; window++)
        {
            ImmutableArray<uint> drawn = StorageChallenge.Draw(File, ProtocolCalibration.Chance("window", window), Rules.Draws);
            ImmutableArray<ShownChunk> shown =
            [
                .. drawn.Select(index => has((int)index) ? (int)index : instead).OfType<int>().Select((index, at) => Show(index, forge)),
            ];
            StorageScore score = StorageScoring.Score(File, drawn, shown, Rules);
            (passed, caught) = (passed + score.Passed, caught + (score.FirstMissing is null ? 0 : 1));
        }
        return new Finding(Data, story, Windows, caught / (double)Windows, passed / ((double)Windows * Rules.Draws));
    }

    private static ShownChunk Show(int index, bool forge) =>
        new((uint)index, forge ? Hashes[index].Bytes.ToArray() : Bytes[index], [.. MerkleList.Prove(Hashes, index)]);
}
