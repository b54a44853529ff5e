using AppChain.Benchmarks.Store;

return StoreBenchmark.Run(args);
