using System.Text.Json;
using System.Text.Json.Serialization;

namespace AppChain.Devnet.Checks;

/// <summary>What <c>--report</c> writes. Amounts are grains, heights and hashes those of the common height at the end.</summary>
internal sealed record RunReport(
    IReadOnlyList<ValidatorReport> Validators,
    bool Agreement,
    ProofReport Proofs,
    LatencyReport LatencyMs,
    ulong Epochs,
    ulong Minted,
    ulong Burned,
    bool SupplyConserved,
    int Restarts)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    public string ToJson() => JsonSerializer.Serialize(this, Options) + "\n";
}

/// <param name="CpuSeconds">Over all processes of this validator, restarts included.</param>
/// <param name="RssBytes">Resident memory when the run ended.</param>
internal sealed record ValidatorReport(string Name, ulong Height, string BlockHash, string StateRoot, double CpuSeconds, long RssBytes);

/// <param name="Final">Acknowledged as in a finalised block, whatever the verdict.</param>
/// <param name="Rejected">By reason: judged to earn nothing, or refused before they came into a block.</param>
internal sealed record ProofReport(long Submitted, long Final, long Accepted, IReadOnlyDictionary<string, long> Rejected);

/// <summary>Submit → final as the devices saw it, milliseconds; null when nothing became final.</summary>
internal sealed record LatencyReport(double? P50, double? P95, double? P99);
