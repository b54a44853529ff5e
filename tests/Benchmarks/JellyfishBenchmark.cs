namespace AppChain.Benchmarks;
internal static class JellyfishBenchmark { public static void Run(BenchmarkOptions options, Report report) { } }
