using System.Runtime.CompilerServices;

namespace AppChain.Consensus.Tests;

/// <summary>Compares text with a file in git, written by a person's decision only: on a difference the received text is put beside
/// it.</summary>
static class GoldenFile
{
    public static void AssertSame(string name, string received, [CallerFilePath] string caller = "")
    {
        var folder = Path.Combine(Path.GetDirectoryName(caller)!, "..", "Golden");
        var path = Path.Combine(folder, name);
        var expected = File.Exists(path) ? File.ReadAllText(path) : "";
        if (expected == received)
        {
            return;
        }

        File.WriteAllText(Path.Combine(folder, Path.ChangeExtension(name, ".received.txt")), received);
        Assert.Equal(expected, received);
    }
}
