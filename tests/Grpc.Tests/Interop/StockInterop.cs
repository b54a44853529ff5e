using System.Diagnostics;
using System.Security.Cryptography;

namespace AppChain.Grpc.Tests.Interop;

/// <summary>One stock implementation's program of the standard cases: <c>client PORT</c> or <c>server</c>.</summary>
sealed class StockInterop : IDisposable
{
    const string Node = "/usr/bin/node";
    static readonly TimeSpan BuildBound = TimeSpan.FromMinutes(4);

    // One compilation for all who ask, however many at a time.
    static readonly Lazy<Task<StockInterop>> Cpp = new(OfCppAsync);

    readonly Func<string[], Process> start;
    readonly IDisposable? held;

    StockInterop(Func<string[], Process> start, IDisposable? held = null) => (this.start, this.held) = (start, held);

    /// <summary>Where what the tests install for themselves is kept, out of git: <c>artifacts/stock</c>.</summary>
    public static string Cache => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "stock"));

    /// <summary>The program in a language (<c>python</c>, <c>node</c>, <c>cpp</c>), or skips the test where its packages are missing.</summary>
    public static async Task<StockInterop> RequireAsync(string language) => language switch
    {
        "python" => OfPython(await StockGrpc.RequireAsync()),
        "node" => OfNode(),
        "cpp" => await Cpp.Value,
        _ => throw new ArgumentOutOfRangeException(nameof(language), language, null),
    };

    public Process Start(params string[] arguments) => start(arguments);

    public void Dispose() => held?.Dispose();

    static StockInterop OfPython(StockGrpc python) => new(arguments => python.StartScript("interop.py", arguments), python);

    static StockInterop OfNode() => new(arguments => StartNode("interop.js", [.. arguments, Schema]));

    /// <summary>Starts a script with npm's packages, or skips the test where they are missing.</summary>
    public static Process StartNode(string script, params string[] arguments)
    {
        var modules = Path.Combine(Cache, "node", "node_modules");
        Assert.SkipUnless(File.Exists(Node) && Directory.Exists(modules), "Node.js or npm's packages of tests/Grpc.Tests/node are not installed.");
        return StockProcess.Start(Node, ("NODE_PATH", modules), [Path.Combine(AppContext.BaseDirectory, "node", script), .. arguments]);
    }

    // Compiled when its sources have changed, which takes ten seconds and more; kept after that.
    static async Task<StockInterop> OfCppAsync()
    {
        var installed = File.Exists("/usr/bin/g++") && File.Exists("/usr/bin/grpc_cpp_plugin") && File.Exists("/usr/include/grpcpp/grpcpp.h");
        Assert.SkipUnless(installed, "The packages g++, libgrpc++-dev and protobuf-compiler-grpc are not installed.");
        var source = Path.Combine(AppContext.BaseDirectory, "cpp", "interop.cc");
        var digest = SHA256.HashData([.. await File.ReadAllBytesAsync(source), .. await File.ReadAllBytesAsync(Schema)]);
        var folder = Path.Combine(Cache, "cpp", Convert.ToHexStringLower(digest.AsSpan(0, 8)));
        var program = Path.Combine(folder, "interop");
        if (!File.Exists(program))
        {
            Directory.CreateDirectory(folder);
            var script = $"""
                set -e
                cd '{folder}'
                protoc -I '{AppContext.BaseDirectory}' --cpp_out=. --grpc_out=. --plugin=protoc-gen-grpc=/usr/bin/grpc_cpp_plugin interop.proto
                g++ -std=c++17 -O0 -I. '{source}' interop.pb.cc interop.grpc.pb.cc -o building $(pkg-config --libs grpc++ protobuf)
                mv building interop
                """;
            var (code, output) = await StockProcess.RunAsync(StockProcess.Start("/bin/bash", null, "-c", script), BuildBound);
            Assert.True(code == 0, output);
        }
        return new StockInterop(arguments => StockProcess.Start(program, null, arguments));
    }

    static string Schema => Path.Combine(AppContext.BaseDirectory, "interop.proto");
}
