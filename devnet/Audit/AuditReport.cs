using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AppChain.Devnet.Audit;

/// <summary>What <c>--report</c> of an audit writes. Amounts are grains.</summary>
/// <param name="Explained">Pairs of a device and an epoch: every device, every closed epoch.</param>
/// <param name="NotEmpty">Those of them in which the device did something.</param>
/// <param name="Pairs">Random pairs, explained again by random nodes.</param>
/// <param name="PairsNotEmpty">Those of them in which the device did something.</param>
/// <param name="Headers">Headers that the validators' signatures made final.</param>
/// <param name="Vouchers">Vouchers that were redeemed.</param>
/// <param name="Paid">What the devices' payees have and have resting, by proven records.</param>
/// <param name="Resting">The part of it that still rests.</param>
/// <param name="Settled">What the explanations say was paid.</param>
/// <param name="Unsettled">What they say is paid at the device's next touch.</param>
/// <param name="Remainder">What was minted and is nobody's: divisions round down.</param>
internal sealed record AuditReport(
    int Devices, int Epochs, int Explained, int NotEmpty, int Pairs, int PairsNotEmpty, ulong Headers, long Proofs, long Vouchers,
    ulong Paid, ulong Resting, ulong Settled, ulong Unsettled, ulong MintedCoverage, ulong MintedUsage, ulong Remainder, IReadOnlyList<string> Failures)
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public string ToJson() => JsonSerializer.Serialize(this, Options) + "\n";

    /// <summary>The table of docs/proofs.md.</summary>
    public string ToTable()
    {
        StringBuilder table = new();
        void Line(FormattableString line) => table.AppendLine(line.ToString(CultureInfo.InvariantCulture));
        Line($"| | |");
        Line($"|---|---|");
        Line($"| devices, closed reward epochs | {Devices}, {Epochs} |");
        Line($"| proofs final, vouchers redeemed | {Proofs:N0}, {Vouchers:N0} |");
        Line($"| headers made final by signatures that were checked | {Headers:N0} |");
        Line($"| pairs explained and verified, with work | {Explained:N0}, {NotEmpty:N0} |");
        Line($"| random pairs, each by a random node, with work | {Pairs:N0}, {PairsNotEmpty:N0} |");
        Line($"| minted for coverage, for usage | {MintedCoverage}, {MintedUsage} grains |");
        Line($"| explained as paid | {Settled} grains |");
        Line($"| paid, by proven accounts (of it resting) | {Paid} ({Resting}) grains |");
        Line($"| explained, paid at the next touch | {Unsettled} grains |");
        Line($"| left over by divisions | {Remainder} grains |");
        return table.ToString();
    }
}
