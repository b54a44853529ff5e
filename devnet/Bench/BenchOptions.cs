namespace AppChain.Devnet.Bench;

/// <summary>What the command line asked of a benchmark, checked.</summary>
/// <param name="Devices">How many devices prove.</param>
/// <param name="Phases">How long each part lasts.</param>
internal sealed record BenchOptions(DevnetOptions Devnet, int Devices, BenchPhases Phases);

/// <summary>The parts of a benchmark, in this order.</summary>
/// <param name="WarmUp">Full load, not measured: the compiler has its work then.</param>
/// <param name="Full">As many proofs as the chain takes.</param>
/// <param name="Half">Half of that rate: what a proof waits for.</param>
/// <param name="Idle">A proof now and then.</param>
/// <param name="ProofsSigned">Signed before the first of them is sent.</param>
internal sealed record BenchPhases(TimeSpan WarmUp, TimeSpan Full, TimeSpan Half, TimeSpan Idle, int ProofsSigned)
{
    public static BenchPhases Normal { get; } =
        new(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(20), 800_000);

    public static BenchPhases Quick { get; } =
        new(TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(5), 150_000);
}
