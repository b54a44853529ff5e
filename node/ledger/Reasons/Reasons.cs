using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace AppChain.Ledger;

/// <summary>The registry of reasons: what every code is called and means. Each area lists its own.</summary>
public static class Reasons
{
    /// <summary>Every reason, ascending by code.</summary>
    public static ImmutableArray<ReasonEntry> All { get; } =
    [
        .. ((ReasonEntry[])
        [
            .. ChainReasons.All, .. FeeReasons.All, .. IdentityReasons.All, .. CreditReasons.All, .. ChannelReasons.All, .. StakeReasons.All,
            .. GovernanceReasons.All, .. DisputeReasons.All, .. ProofReasons.All,
            .. RadioReasons.All, .. EnergyReasons.All, .. SensorReasons.All, .. AgreementReasons.All, .. RulesReasons.All, .. MappingReasons.All,
        ]).OrderBy(entry => entry.Reason),
    ];

    private static readonly Dictionary<Reason, ReasonEntry> ByReason = All.ToDictionary(entry => entry.Reason);

    /// <summary>The entry of a reason, or null for a code that this version does not know.</summary>
    public static ReasonEntry? Find(Reason reason) => ByReason.GetValueOrDefault(reason);

    /// <summary>The reason's name for tools: <c>sequence-used</c>; <c>ok</c> for none; <c>reason-N</c> for an unknown code.</summary>
    public static string Name(this Reason reason) => Find(reason)?.Name ?? $"reason-{(uint)reason}";

    /// <summary>Where the reason arises.</summary>
    public static ReasonStage Stage(this Reason reason) => Find(reason)?.Stage ?? ReasonStage.None;

    /// <summary>What is wrong and what to do, for people.</summary>
    public static string Explanation(this Reason reason) => Find(reason)?.Explanation ?? "This version does not know the reason's code.";
}
