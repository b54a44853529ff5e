namespace AppChain.EndToEnd;

/// <summary>Where things are in the checkout that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Devnet => Path.Combine(Root, "artifacts", "bin", "AppChain.Devnet", "release", "devnet");

    /// <summary>The program as it is given to people: compiled ahead by <c>dotnet publish node/host</c>, as tests/run and devnet/up do.</summary>
    public static string Node => Path.Combine(Root, "artifacts", "appchain", "appchain");

    public static string DevnetDown => Path.Combine(Root, "devnet", "down");

    public static string PythonExample => Path.Combine(Root, "client", "examples", "python", "run");

    private static string FindRoot()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "AppChain.sln")))
                return directory.FullName;
        }
        throw new InvalidOperationException("the tests do not run inside the repository");
    }
}
