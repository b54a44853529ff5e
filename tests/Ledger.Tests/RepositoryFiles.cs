namespace AppChain.Tests.Ledger;

/// <summary>Files of the repository that the tests compare with.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = FindRoot();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

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
