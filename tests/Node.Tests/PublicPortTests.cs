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
