using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AppChain.Devnet.Bench;

/// <summary>What a benchmark measured. Absolute figures are of this machine and hour; the ratio is what travels.</summary>
/// <param name="SignatureVerificationMicros">One libsecp256k1 Schnorr verification, in this run.</param>
/// <param name="CpuMicrosPerFinalProof">Of one validator, on average, at full load.</param>
/// <param name="CostPerFinalProofRatio">That over one verification.</param>
/// <param name="ProofBytes">Of a signed proof on the wire.</param>
/// <param name="DiskBytesPerProof">Of one validator, at full load, before compaction has had its time.</param>
/// <param name="RssBytesWorst">Resident memory of the largest validator.</param>
/// <param name="CatchUp">After all that: a validator that has nothing catches up, while the others idle.</param>
internal sealed record BenchReport(
    int Validators,
    int Devices,
    int Processors,
    double SignatureVerificationMicros,
    double CpuMicrosPerFinalProof,
    double CostPerFinalProofRatio,
    int ProofBytes,
    double DiskBytesPerProof,
    long RssBytesWorst,
    LoadReport Full,
    LoadReport Half,
    LoadReport Idle,
    CatchUpReport CatchUp)
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public string ToJson() => JsonSerializer.Serialize(this, Options) + "\n";

    public string ToTable()
    {
        StringBuilder table = new();
        table.AppendLine(Invariant($"{Validators} validators, {Devices} devices and the load on {Processors} processors"));
        table.AppendLine();
        table.AppendLine("| | full load | half load | idle |");
        table.AppendLine("|---|---|---|---|");
        Row(table, "final proofs a second", load => Invariant($"{load.FinalPerSecond:0.#}"));
        Row(table, "p50 / p95 / p99 ms", load => Invariant($"{load.P50Ms:0.#} / {load.P95Ms:0.#} / {load.P99Ms:0.#}"));
        Row(table, "block interval ms", load => Invariant($"{load.BlockIntervalMs:0.#}"));
        Row(table, "proofs a block", load => Invariant($"{load.ProofsPerBlock:0.#}"));
        Row(table, "CPU of a validator, share of a core", load => Invariant($"{load.CpuShare:0.00}"));
        table.AppendLine();
        table.AppendLine("| | |");
        table.AppendLine("|---|---|");
        table.AppendLine(Invariant($"| one libsecp256k1 Schnorr verification | {SignatureVerificationMicros:0.0} µs |"));
        table.AppendLine(Invariant($"| CPU of a validator for a final proof | {CpuMicrosPerFinalProof:0} µs |"));
        table.AppendLine(Invariant($"| **its ratio to one verification** | **{CostPerFinalProofRatio:0.00}** |"));
        table.AppendLine(Invariant($"| disk of a validator for a proof of {ProofBytes} bytes | {DiskBytesPerProof:0} bytes |"));
        table.AppendLine(Invariant($"| resident memory, worst validator | {RssBytesWorst / 1048576.0:0} MiB |"));
        table.AppendLine(Invariant($"| old blocks verified in full by an emptied validator | {CatchUp.ProofsPerSecond:0} proofs/s, {CatchUp.Blocks / CatchUp.Seconds:0} blocks/s |"));
        table.AppendLine(Invariant($"| **faster than they were made at full load** | **{CatchUpRatio:0.0} times** |"));
        table.AppendLine(Invariant($"| its CPU for a proof | {CatchUp.CpuSeconds * 1e6 / CatchUp.Proofs:0} µs |"));
        return table.ToString();
    }

    /// <summary>How much faster old blocks are verified than they were made at full load.</summary>
    public double CatchUpRatio => CatchUp.ProofsPerSecond / Full.FinalPerSecond;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Row(StringBuilder table, string name, Func<LoadReport, string> value) =>
        table.AppendLine(Invariant($"| {name} | {value(Full)} | {value(Half)} | {value(Idle)} |"));
}

/// <summary>One part of a benchmark.</summary>
/// <param name="Accepted">Final, with a verdict that earned units.</param>
/// <param name="CpuShare">Of one validator, on average: 1 is a whole core.</param>
internal sealed record LoadReport(
    double Seconds,
    long Accepted,
    long Rejected,
    long Refused,
    double FinalPerSecond,
    double? P50Ms,
    double? P95Ms,
    double? P99Ms,
    double BlockIntervalMs,
    double ProofsPerBlock,
    double CpuShare);
