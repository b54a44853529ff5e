using System.Diagnostics;

namespace AppChain.Grpc.Tests;

/// <summary>The stock gRPC of Debian: python3-grpcio and python3-protobuf, with messages made by protobuf-compiler's protoc.</summary>
sealed class StockGrpc : IDisposable
{
    const string Python = "/usr/bin/python3";
    const string Protoc = "/usr/bin/protoc";
    const string Missing = "The packages python3-grpcio, python3-protobuf and protobuf-compiler are not installed.";

    readonly DirectoryInfo generated = Directory.CreateTempSubdirectory("exchange-");

    StockGrpc() { }

    /// <summary>Makes the Python messages, or skips the test where the packages are missing.</summary>
    public static async Task<StockGrpc> RequireAsync()
    {
        Assert.SkipUnless(File.Exists(Python) && File.Exists(Protoc), Missing);
        var (code, _) = await StockProcess.RunAsync(StockProcess.Start(Python, null, "-c", "import grpc, google.protobuf"));
        Assert.SkipUnless(code == 0, Missing);

        var stock = new StockGrpc();
        var (protoc, output) = await StockProcess.RunAsync(
            StockProcess.Start(Protoc, null, $"--proto_path={AppContext.BaseDirectory}", $"--python_out={stock.generated.FullName}", "exchange.proto", "interop.proto"));
        Assert.True(protoc == 0, output);
        return stock;
    }

    /// <summary>Runs a script to its end.</summary>
    public async Task<(int Code, string Output)> RunAsync(string script, params string[] arguments) =>
        await StockProcess.RunAsync(StartScript(script, arguments));

    /// <summary>Starts a script that runs until its standard input ends.</summary>
    public Process StartScript(string script, params string[] arguments) =>
        StockProcess.Start(Python, ("PYTHONPATH", generated.FullName), [Path.Combine(AppContext.BaseDirectory, "python", script), .. arguments]);

    public void Dispose() => generated.Delete(recursive: true);
}
