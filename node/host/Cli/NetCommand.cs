using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AppChain.Crypto;
using AppChain.Node.Doctor;

namespace AppChain.Node.Cli;

/// <summary><c>appchain net</c>: a node's way to its peers.</summary>
internal static class NetCommand
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    public static Command Create() => new("net", "Look at a node's way to its peers") { Doctor() };

    private static Command Doctor()
    {
        Option<DirectoryInfo> home = CommonOptions.Home();
        Option<string?> node = new("--node") { Description = "The node's own public port, HOST:PORT; without it as its configuration says" };
        Option<bool> json = CommonOptions.Json();
        Command command = new("doctor", "Call every peer as this node would and say what is wrong and what to do; the exit code is 0 only if all is well") { home, node, json };
        command.SetAction(async (arguments, cancellation) =>
        {
            NodeHome target = new(arguments.GetValue(home)!.FullName);
            NodeConfig config = NodeConfig.Load(target, new Dictionary<string, string?>());
            Visit visit = await NetDoctor.ExamineAsync(target, config, CommonOptions.Connect, arguments.GetValue(node), cancellation);
            if (arguments.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(AsJson(visit), Json));
            else
                Print(visit);
            return visit.Findings.Count == 0 ? 0 : 1;
        });
        return command;
    }

    private static void Print(Visit visit)
    {
        Console.WriteLine($"{"chain",-14} {visit.Genesis.ChainId}, genesis {visit.Genesis.Hash}");
        Console.WriteLine($"{"this node",-14} version {visit.Own.Version}, {(visit.Own.Height is { } height ? $"height {height}" : "not asked")}");
        foreach (PeerReport peer in visit.Peers)
            Console.WriteLine($"{"peer",-14} {peer.Peer.Name} at {peer.Peer.Address}: {Describe(peer)}");
        foreach (Finding finding in visit.Findings)
        {
            Console.WriteLine($"{"problem",-14} {finding.Subject}: {finding.Problem}");
            Console.WriteLine($"{"",-14} {finding.Advice}");
        }
        Console.WriteLine($"{"result",-14} {(visit.Findings.Count == 0 ? "all is well" : $"problems: {visit.Findings.Count}")}");
    }

    private static string Describe(PeerReport peer) => peer.Answer == PeerAnswer.Hello
        ? string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{peer.RoundTrip.TotalMilliseconds:F1} ms, clock {peer.ClockAhead.TotalMilliseconds:+0;-0;0} ms, version {peer.Version}, height {peer.Height}{Heard(peer)}")
        : peer.Detail;

    private static string Heard(PeerReport peer) => peer.IsHeard switch { true => ", connected to us", false => ", not connected to us", null => "" };

    private static object AsJson(Visit visit) => new
    {
        Healthy = visit.Findings.Count == 0,
        ChainId = visit.Genesis.ChainId.Text,
        GenesisHash = visit.Genesis.Hash.ToString(),
        Node = new { visit.Own.Version, visit.Own.Height, visit.Own.PeerListen },
        Peers = visit.Peers.Select(peer => new
        {
            peer.Peer.Name,
            peer.Peer.Address,
            peer.Answer,
            peer.Detail,
            ExpectedKey = Text(peer.Peer.Key),
            Key = Text(peer.Key),
            LatencyMs = Measured(peer, peer.RoundTrip),
            ClockAheadMs = Measured(peer, peer.ClockAhead),
            peer.Version,
            peer.Height,
            ConnectedToUs = peer.IsHeard,
        }),
        Problems = visit.Findings,
    };

    private static double? Measured(PeerReport peer, TimeSpan value) => peer.Answer == PeerAnswer.Hello ? Math.Round(value.TotalMilliseconds, 1) : null;

    private static string? Text(Address? key) => key is { } known ? AddressText.Format(known, AddressKind.Validator) : null;
}
