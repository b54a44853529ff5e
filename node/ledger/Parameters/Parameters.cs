using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace AppChain.Ledger;

/// <summary>The registry of parameters: the one place that names, bounds and explains them. docs/parameters.md is generated from it.</summary>
public static class Parameters
{
    internal const ulong SecondMs = 1_000;
    internal const ulong DayMs = 86_400 * SecondMs;

    /// <summary>One whole, in parts per million.</summary>
    public const uint Million = 1_000_000;

    /// <summary>Every parameter, ascending by number.</summary>
    public static ImmutableArray<ParameterEntry> All { get; } =
    [
        .. Chain(), .. Fees(), .. BlockRoom(), .. CreditParameters.All, .. IdentityParameters.All, .. ChannelParameters.All, .. StakeParameters.All,
        .. GovernanceParameters.All, .. ProofParameters.All,
        .. EconomyParameters.All, .. RadioParameters.All, .. EnergyParameters.All, .. SensorParameters.All, .. MappingParameters.All, .. AgreementParameters.All,
        .. BatchParameters.All,
        .. HonestyParameters.All,
    ];

    private static readonly Dictionary<string, ParameterEntry> ByName = All.ToDictionary(entry => entry.Name);

    // A table by number: parameters are read several times per transaction.
    private static readonly short[] Positions = PositionsByNumber();

    /// <summary>The parameter of this name, or null.</summary>
    public static ParameterEntry? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The entry of this parameter, or null for a number that this version does not know.</summary>
    public static ParameterEntry? Find(Parameter parameter) => PositionOf((ushort)parameter) is >= 0 and var at ? All[at] : null;

    /// <summary>Where in <see cref="All"/> the parameter of this number stands; −1: nowhere.</summary>
    internal static int PositionOf(ushort number) => number < Positions.Length ? Positions[number] : -1;

    private static ParameterEntry[] Chain() =>
    [
        new(Parameter.EpochMs, SecondMs, 365 * DayMs, 86_400_000, "ms", "Length of a reward epoch.") { Fixed = true },
        new(Parameter.RewardPerEpoch, 0, ulong.MaxValue, 0, "grains", "What a reward epoch mints at first."),
        new(Parameter.EpochsPerHalving, 1, ulong.MaxValue, 730, "epochs", "After how many reward epochs that halves."),
        new(Parameter.SupplyMax, 1, ulong.MaxValue, ulong.MaxValue, "grains", "Genesis and minted tokens together never exceed it, save what is minted again in the place of burned ones.")
        {
            Fixed = true,
        },
        new(Parameter.TreasuryShare, 0, Million, 100_000, "ppm", "The treasury's share of what an epoch mints."),
        new(Parameter.TransactionLifetimeMaxMs, SecondMs, 30 * DayMs, DayMs, "ms",
            "How far ahead of the block's time a transaction's valid-until may lie."),
        new(Parameter.ValidatorEpochBlocks, LedgerLimits.ValidatorEpochBlocksMin, uint.MaxValue, 10_000, "blocks",
            "Length of an epoch of consensus, after which the set of validators may change."),
    ];

    private static ParameterEntry[] Fees() =>
    [
        new(Parameter.FeeBytesPerCredit, 0, uint.MaxValue, 100, "bytes",
            "For every started span of so many bytes a transaction costs one credit, on top of its class's fee; 0: bytes cost nothing."),
        Fee(Parameter.FeeTokens, 10, "of tokens, credits and sponsors"),
        Fee(Parameter.FeeIdentity, 100, "of devices and manufacturers"),
        Fee(Parameter.FeeServices, 10_000, "that creates or changes a service"),
        Fee(Parameter.FeeProofs, 0, "with proofs"),
        Fee(Parameter.FeeDemand, 10, "of channels, deals and jobs"),
        Fee(Parameter.FeeValidators, 100, "of stake and validators"),
        Fee(Parameter.FeeGovernance, 1_000, "of governance"),
        Fee(Parameter.FeeDisputes, 1_000, "of disputes"),
        new(Parameter.SponsorQuota, 1, uint.MaxValue, 10_000, "credits",
            "What a new sponsor pool pays for one device in one reward epoch, until its service says otherwise."),
    ];

    private static ParameterEntry[] BlockRoom() =>
    [
        Room(Parameter.BlockTokens, 4_096, "of tokens, credits and sponsors"),
        Room(Parameter.BlockIdentity, 4_096, "of devices and manufacturers"),
        Room(Parameter.BlockServices, 16, "that create or change services"),
        Room(Parameter.BlockProofs, 32_768, "with proofs"),
        Room(Parameter.BlockDemand, 8_192, "of channels, deals and jobs"),
        Room(Parameter.BlockValidators, 256, "of stake and validators"),
        Room(Parameter.BlockGovernance, 1_024, "of governance"),
        Room(Parameter.BlockDisputes, 256, "of disputes"),
    ];

    private static ParameterEntry Fee(Parameter parameter, ulong byDefault, string ofWhat) =>
        new(parameter, 0, uint.MaxValue, byDefault, "credits", $"The fee of a transaction {ofWhat}, its bytes apart.");

    // At least one: a class without room could not even carry the vote that gives it room again.
    private static ParameterEntry Room(Parameter parameter, ulong byDefault, string ofWhat) =>
        new(parameter, 1, uint.MaxValue, byDefault, "transactions", $"How many transactions {ofWhat} a block executes; more are skipped.");

    private static short[] PositionsByNumber()
    {
        short[] positions = new short[(int)All[^1].Parameter + 1];
        Array.Fill(positions, (short)-1);
        for (short i = 0; i < All.Length; i++)
            positions[(int)All[i].Parameter] = i;
        return positions;
    }
}
