using System.Runtime.CompilerServices;

namespace AppChain.Tests.Ledger;

/// <summary>Compares with <c>Golden/Name.verified.txt</c>; on a difference writes <c>Name.received.txt</c> beside it.</summary>
internal static class GoldenFile
{
    public static void Verify(string name, string actual, [CallerFilePath] string sourceFile = "")
    {
        string folder = Path.Combine(Path.GetDirectoryName(sourceFile)!, "Golden");
        string verified = Path.Combine(folder, name + ".verified.txt");
        string expected = File.Exists(verified) ? File.ReadAllText(verified).ReplaceLineEndings("\n").TrimEnd() : "";
        if (expected == actual.TrimEnd())
            return;
        File.WriteAllText(Path.Combine(folder, name + ".received.txt"), actual.TrimEnd() + "\n");
        Assert.Equal(expected, actual.TrimEnd());
    }
}
