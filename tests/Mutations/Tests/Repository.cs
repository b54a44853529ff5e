namespace AppChain.Mutations.Tests;

static class Repository
{
    /// <summary>The folder of the solution, above that of the tests.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    static string Find(string folder) => File.Exists(Path.Combine(folder, "AppChain.sln")) ? folder : Find(Path.GetDirectoryName(folder)!);
}
