using System.Collections.Immutable;
using System.Linq;

namespace AppChain.Ledger;

/// <summary>The registry of kinds: the one place that knows all of them.</summary>
public static class ProofKinds
{
    internal static ImmutableArray<IProofRules> All { get; } = [new SensorRules(), new CoverageRules(), new StorageRules(), new ComputeRules(), new EnergyRules(), new TransferRules(), new MappingRules()];

    /// <summary>The names of all kinds, for a message: <c>"sensor-telemetry" or …</c>.</summary>
    internal static string Names { get; } = string.Join(" or ", All.Select(rules => $"\"{rules.Name}\""));

    /// <summary>The kind's name in genesis files and tools; of a number that this version does not know the number.</summary>
    public static string NameOf(ProofKind kind) => Find(kind)?.Name ?? $"kind {(byte)kind}";

    /// <summary>True if the rules of a service of this kind can have a candidate beside them.</summary>
    public static bool TakesCandidates(ProofKind kind) => Find(kind)?.OwnRecords is not null;

    internal static IProofRules? Find(ProofKind kind)
    {
        foreach (IProofRules rules in All)
        {
            if (rules.Kind == kind)
                return rules;
        }
        return null;
    }

    internal static IProofRules? Find(string name) => All.FirstOrDefault(rules => rules.Name == name);

    /// <summary>The rules of a service that is in the state.</summary>
    internal static IProofRules Of(ProofKind kind) =>
        Find(kind) ?? throw new LedgerInvariantException($"A service of the state is of kind {(byte)kind}, which this version does not know.");
}
