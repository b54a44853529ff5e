using System.Collections.Immutable;

namespace AppChain.Ledger;

/// <summary>The parameters of channels.</summary>
internal static class ChannelParameters
{
    public static ImmutableArray<ParameterEntry> All { get; } =
    [
        new(Parameter.ChannelChallengeMs, Parameters.SecondMs, 30 * Parameters.DayMs, Parameters.DayMs, "ms",
            "How long vouchers are still redeemed after the payer closed a channel, or after its dispute, but never beyond its expiry."),
        new(Parameter.ChannelLifetimeMaxMs, Parameters.SecondMs, 365 * Parameters.DayMs, 30 * Parameters.DayMs, "ms",
            "How long a channel may live; after that its rest goes back to the payer by itself."),
    ];
}
