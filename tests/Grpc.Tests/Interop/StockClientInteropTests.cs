using System.Globalization;

namespace AppChain.Grpc.Tests.Interop;

/// <summary>Our server, played against by the stock clients of three languages: every standard case.</summary>
public sealed class StockClientInteropTests(StockClientInteropTests.Outcomes outcomes) : IClassFixture<StockClientInteropTests.Outcomes>
{
    public static MatrixTheoryData<string, string> Cases => new(["python", "node", "cpp"], InteropCases.All.Keys);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task StockClient_PlaysACase_Passes(string language, string @case)
    {
        var output = await outcomes.OfAsync(language);
        var outcome = output.Split('\n').FirstOrDefault(line => line.StartsWith(@case + " ", StringComparison.Ordinal));
        Assert.True(outcome == $"{@case} passed", outcome ?? output);
    }

    /// <summary>What each client says of all its cases, which it plays in one run.</summary>
    public sealed class Outcomes
    {
        static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);
        readonly Dictionary<string, string> outputs = [];

        public async Task<string> OfAsync(string language)
        {
            if (outputs.TryGetValue(language, out var known)) return known;
            using var stock = await StockInterop.RequireAsync(language);
            await using var server = await TestServer.StartAsync(app =>
            {
                app.MapGrpcService(
                    TestService.BindService(new InteropHandlers()), new GrpcServerOptions { ResponseCompressionAlgorithm = "gzip" });
                app.MapUnknownGrpcServices();
            });
            var port = server.Address.Port.ToString(CultureInfo.InvariantCulture);
            var (code, output) = await StockProcess.RunAsync(stock.Start("client", port), Bound);
            Assert.True(code == 0, output);
            return outputs[language] = output;
        }
    }
}
