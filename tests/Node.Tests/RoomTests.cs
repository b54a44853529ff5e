using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Node.Tests;

/// <summary>The dependency graph is the architecture: README's table of rooms is the compiler's, and no room references upward.</summary>
public sealed partial class RoomTests
{
    private sealed record Room(string Project, IReadOnlyList<string> References);

    [Fact]
    public void ReadmeTable_EveryRoom_ReferencesWhatItsProjectReferences()
    {
        List<Room> table = ReadTable();
        Assert.NotEmpty(table);
        Assert.Equal(ProjectFiles().Keys.Order(), table.Select(room => room.Project).Order());
        foreach (Room room in table)
            Assert.Equal(ReferencesOf(room.Project).Order(), room.References.Order());
    }

    [Fact]
    public void ReadmeTable_EveryReference_LeadsDownwards()
    {
        List<string> order = [.. ReadTable().Select(room => room.Project)];
        foreach (Room room in ReadTable())
            Assert.All(room.References, reference => Assert.True(order.IndexOf(reference) > order.IndexOf(room.Project), $"{room.Project} → {reference} leads upward"));
    }

    [Fact]
    public void PureRooms_ConsensusAndLedger_BanWhatIsNotPure()
    {
        foreach (string room in (string[])["consensus", "node/ledger"])
        {
            string banned = System.Text.Encoding.UTF8.GetString(Repository.Read($"{room}/BannedSymbols.txt"));
            Assert.All((string[])["System.IO", "System.Threading.Tasks", "System.DateTime;", "System.Random;"], symbol => Assert.Contains(symbol, banned, StringComparison.Ordinal));
        }
    }

    private static List<Room> ReadTable()
    {
        string readme = System.Text.Encoding.UTF8.GetString(Repository.Read("README.md"));
        return [.. TableRow().Matches(readme).Select(row => new Room(
            row.Groups["project"].Value,
            [.. row.Groups["references"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Where(name => name != "–").Select(name => "AppChain." + name)]))];
    }

    private static Dictionary<string, string> ProjectFiles() => Directory
        .EnumerateFiles(Repository.Root, "AppChain.*.csproj", SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(Repository.Root, file).StartsWith("artifacts", StringComparison.Ordinal))
        .ToDictionary(file => Path.GetFileNameWithoutExtension(file));

    private static IEnumerable<string> ReferencesOf(string project) => XDocument.Load(ProjectFiles()[project])
        .Descendants("ProjectReference")
        .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));

    [GeneratedRegex(@"^\| \[`[^`]+`\]\([^)]+\) \| `(?<project>AppChain\.\w+)`[^|]*\|[^|]*\| (?<references>[^|]*) \|$", RegexOptions.Multiline)]
    private static partial Regex TableRow();
}
