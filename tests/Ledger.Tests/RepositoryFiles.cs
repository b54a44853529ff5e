namespace AppChain.Tests.Ledger;

/// <summary>Files of the repository that the tests compare with.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = FindRoot();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    /// <summary>
    /// Compares a page of <c>docs/</c> with what the code says. Where they differ, what the code says is left beside it, to be looked at and moved over it.
    /// </summary>
    public static void AssertPage(string name, string expected)
    {
        string path = Path("docs", name);
        string found = File.Exists(path) ? File.ReadAllText(path) : "";
        if (found != expected)
            File.WriteAllText(System.IO.Path.ChangeExtension(path, ".received.txt"), expected);
        Assert.Equal(expected, found);
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "AppChain.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"No AppChain.sln above {AppContext.BaseDirectory}.");
    }
}
