using AppChain.Client;
using AppChain.Devnet.Chain;
using AppChain.Devnet.Processes;
using AppChain.Devnet.Watch;
using Grpc.Core;
using Status = AppChain.Protos.V1.Status;

namespace AppChain.Devnet.Bench;

/// <summary>How fast a validator with nothing verifies the chain that the run has made: every certificate, signature, execution and root.</summary>
/// <param name="Proofs">In all of these blocks.</param>
/// <param name="CpuSeconds">Of that validator, from the start of its process.</param>
internal sealed record CatchUpReport(double Seconds, ulong Blocks, long Proofs, double CpuSeconds)
{
    public double ProofsPerSecond => Proofs / Seconds;
}

/// <summary>Takes the data of one validator away, keeps its signer record, and watches it fetch them again from the others.</summary>
internal sealed class CatchUpMeter(ValidatorGroup validators, DevnetDirectory directory, TimeProvider time)
{
    /// <param name="proofs">How many proofs the chain has.</param>
    public async Task<CatchUpReport> MeasureAsync(long proofs, CancellationToken cancellation)
    {
        RunningValidator emptied = validators.Members[^1];
        ulong target = (await validators.Members[0].Client.GetStatusAsync(DevnetLimits.StatusDeadline, cancellation)).Height;
        if (await emptied.Process.RestartAsync(() => Directory.Delete(Path.Combine(directory.Home(validators.Members.Count - 1), "data"), recursive: true)) is { } failure)
            throw new DevnetException(failure);
        // From its first answer on: before that the runtime starts, and there is no connection.
        ulong first = await HeightAsync(emptied, cancellation);
        (long since, double cpu) = (time.GetTimestamp(), emptied.Process.Usage.CpuSeconds);
        ulong height;
        while ((height = await HeightAsync(emptied, cancellation)) < target)
        {
            if (time.GetElapsedTime(since) > BenchLimits.CatchUpMax)
                throw new DevnetException($"{emptied.Process.Plan.Name} has reached height {height} of {target} only, {BenchLimits.CatchUpMax.TotalSeconds:0} s after it began with nothing.");
        }
        double seconds = time.GetElapsedTime(since).TotalSeconds;
        long part = (long)(proofs * (1 - ((double)first / target)));
        return new CatchUpReport(seconds, height - first, part, emptied.Process.Usage.CpuSeconds - cpu);
    }

    private async Task<ulong> HeightAsync(RunningValidator validator, CancellationToken cancellation)
    {
        long since = time.GetTimestamp();
        while (true)
        {
            await Task.Delay(BenchLimits.CatchUpPoll, time, cancellation);
            try
            {
                Status status = await validator.Client.GetStatusAsync(DevnetLimits.StatusDeadline, cancellation);
                return status.Height;
            }
            catch (RpcException) when (!cancellation.IsCancellationRequested && time.GetElapsedTime(since) < DevnetLimits.StartMax)
            {
                // It is not up yet, or too busy to answer in time.
            }
        }
    }
}
