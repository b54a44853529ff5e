namespace AppChain.Tests.Calibration;

/// <summary>Where the real data lies. It is not part of the repository: without it these tests are skipped and say so.</summary>
internal static class RealData
{
    public static string Folder { get; } = RepositoryFiles.Path("..", "shared", "data");

    public static void Need() => Assert.SkipUnless(Directory.Exists(Folder), $"needs the real data in {Folder}");

    public static string Path(params string[] parts) => System.IO.Path.Combine([Folder, .. parts]);
}
