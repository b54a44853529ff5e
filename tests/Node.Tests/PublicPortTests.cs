using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Status = AppChain.Protos.V1.Status;

namespace Node.Tests;

/// <summary>A running node's public port as strangers find it: stock tools, and web pages.</summary>
public sealed class PublicPortTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private const string Python = "/usr/bin/python3";
    private const string Protoc = "/usr/bin/protoc";

    private string Address => fixture.Network.Addresses[0];

    [Fact]
    public async Task StockTool_ThatKnowsNothing_FindsHealthAndServicesAndCallsOne()
    {
        Assert.SkipUnless(File.Exists(Python) && File.Exists(Protoc), "The packages python3 and protobuf-compiler are not installed.");
        Assert.SkipUnless((await RunAsync(Python, null, "-c", "import grpc, google.protobuf")).Code == 0,
            "The package python3-grpcio is not installed.");
        DirectoryInfo generated = Directory.CreateTempSubdirectory("appchain-stock-tool-");
        try
        {
            (int protoc, string problem) = await RunAsync(
                Protoc, null, $"--proto_path={Path.Combine(Repository.Root, "protos", "grpc")}", $"--python_out={generated.FullName}",
                "health/v1/health.proto", "reflection/v1/reflection.proto", "reflection/v1alpha/reflection.proto");
            Assert.True(protoc == 0, problem);
            string script = Path.Combine(Repository.Root, "tests", "Node.Tests", "python", "stock_tool.py");
            (int code, string output) = await RunAsync(Python, generated.FullName, script, Address.Split(':')[1]);
            Assert.True(code == 0 && output.Contains("passed", StringComparison.Ordinal), output);
        }
        finally
        {
            generated.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task WebPage_OfTheNodesOrigin_ReadsTheStatus()
    {
        using HttpResponseMessage response = await CallFromPageAsync($"http://{Address}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        byte[] body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        int length = (int)System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(1));
        Assert.Equal(fixture.Network.Genesis.ChainId.Text, Status.Parser.ParseFrom(body, 5, length).ChainId);
        Assert.Equal("grpc-status: 0\r\n", System.Text.Encoding.ASCII.GetString(body.AsSpan(5 + length + 5)));
    }

    [Fact]
    public async Task WebPage_OfAnotherOrigin_IsRefused()
    {
        using HttpResponseMessage response = await CallFromPageAsync("https://other.example");
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("/healthz", HttpStatusCode.OK)]
    [InlineData("/readyz", HttpStatusCode.OK)]
    public async Task LoadBalancer_OfAHealthyNode_IsToldSo(string page, HttpStatusCode expected)
    {
        using HttpClient http = new() { Timeout = Bounds.Start };
        using CancellationTokenSource bound = new(Bounds.Start);
        using PeriodicTimer polls = new(TimeSpan.FromMilliseconds(50));
        // A node that has just started is not ready before its first look at itself.
        while (await StatusAsync() != expected)
            await polls.WaitForNextTickAsync(bound.Token);

        async Task<HttpStatusCode> StatusAsync()
        {
            using HttpResponseMessage response = await http.GetAsync(new Uri($"http://{Address}{page}"), bound.Token);
            return response.StatusCode;
        }
    }

    public static TheoryData<string, string> Messengers => new()
    {
        { "origin", "http://NODE" }, { "x-forwarded-for", "192.0.2.1" }, { "Forwarded", "for=192.0.2.1" }, { "via", "1.1 proxy" },
        { "host", "rebound.example" },
    };

    [Theory]
    [MemberData(nameof(Messengers))]
    public async Task AdminCall_ThatSomebodyPassedOn_IsDenied(string header, string value) =>
        Assert.Equal("7", await AuditAsync("application/grpc", header, value));

    [Fact]
    public async Task AdminCall_FromThisMachine_IsAnsweredInGrpcAlone()
    {
        Assert.Equal("0", await AuditAsync("application/grpc", "user-agent", "test"));
        Assert.Equal("7", await AuditAsync("application/grpc-web", "user-agent", "test"));
    }

    private async Task<string> AuditAsync(string contentType, string header, string value)
    {
        using HttpClient http = new() { Timeout = Bounds.Start };
        using HttpRequestMessage request = new(HttpMethod.Post, $"http://{Address}/appchain.v1.AdminService/AuditSupply")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0, 0, 0, 0, 0]),
        };
        Assert.True(request.Headers.TryAddWithoutValidation(header, value.Replace("NODE", Address, StringComparison.Ordinal)));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        using HttpResponseMessage response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return (response.Headers.TryGetValues("grpc-status", out IEnumerable<string>? status) ? status : response.TrailingHeaders.GetValues("grpc-status")).Single();
    }

    private async Task<HttpResponseMessage> CallFromPageAsync(string origin)
    {
        using HttpClient http = new() { Timeout = Bounds.Start };
        using HttpRequestMessage request = new(HttpMethod.Post, $"http://{Address}/appchain.v1.StatusService/GetStatus")
        {
            Content = new ByteArrayContent([0, 0, 0, 0, 0]),
        };
        request.Headers.Add("origin", origin);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc-web+proto");
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task<(int Code, string Output)> RunAsync(string program, string? pythonPath, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        if (pythonPath is not null)
            start.Environment["PYTHONPATH"] = pythonPath;
        using Process process = Process.Start(start)!;
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Bounds.Finality);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
