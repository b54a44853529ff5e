using System.Diagnostics;

namespace AppChain.Grpc.Tests.Interop;

/// <summary>Our client against the stock servers of three languages: every standard case that the server can play.</summary>
public sealed class StockServerInteropTests(StockServerInteropTests.Servers servers) : IClassFixture<StockServerInteropTests.Servers>
{
    // A server of grpc-js cannot be told to compress one response.
    static readonly string[] NotOfNode = ["server_compressed_unary", "server_compressed_streaming"];

    public static TheoryData<string, string> Cases => new(
        from language in (string[])["python", "node", "cpp"]
        from name in InteropCases.All.Keys
        where language != "node" || !NotOfNode.Contains(name)
        select (language, name));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task OurClient_PlaysACase_Passes(string language, string @case)
    {
        var address = await servers.AddressOfAsync(language);
        var flags = new MessageFlags();
        using var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = flags });
        await InteropCases.All[@case](new InteropCases(channel, flags, seesFlags: language == "cpp"));
    }

    /// <summary>The servers, each started when first asked for.</summary>
    public sealed class Servers : IAsyncDisposable
    {
        readonly Dictionary<string, (StockInterop Stock, Process Process, Uri Address)> running = [];

        public async Task<Uri> AddressOfAsync(string language)
        {
            if (running.TryGetValue(language, out var known)) return known.Address;
            var stock = await StockInterop.RequireAsync(language);
            var process = stock.Start("server");
            var port = await process.StandardOutput.ReadLineAsync().Soon();
            var address = new Uri($"http://127.0.0.1:{port}");
            running.Add(language, (stock, process, address));
            return address;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var (stock, process, _) in running.Values)
            {
                await StockProcess.StopAsync(process);
                stock.Dispose();
            }
        }
    }
}
