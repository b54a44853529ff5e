using System.Runtime.CompilerServices;

namespace AppChain.Consensus.Tests;

/// <summary>
/// Compares text with a file in git. On a difference the test fails with the first line that differs, and the received text is put beside
/// the file. With <c>GOLDEN=write</c> in the environment the files are written instead: then read the diff before it goes into git.
/// </summary>
static class GoldenFile
{
    public static void AssertSame(string name, string received, [CallerFilePath] string caller = "")
    {
        var folder = Path.Combine(Path.GetDirectoryName(caller)!, "..", "Golden");
        var path = Path.Combine(folder, name);
        if (Environment.GetEnvironmentVariable("GOLDEN") == "write")
        {
            File.WriteAllText(path, received);
            return;
        }

        var expected = File.Exists(path) ? File.ReadAllText(path) : "";
        if (expected != received)
        {
            File.WriteAllText(Path.Combine(folder, Path.ChangeExtension(name, ".received.txt")), received);
            Assert.Fail(FirstDifference(name, expected.Split('\n'), received.Split('\n')));
        }
    }

    static string FirstDifference(string name, string[] expected, string[] received)
    {
        var same = expected.Zip(received).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"{name}, line {same + 1}\nexpected: {LineOf(expected)}\nreceived: {LineOf(received)}";

        string LineOf(string[] lines) => same < lines.Length ? lines[same] : "(the end)";
    }
}
