namespace AppChain.Ledger;

/// <summary>The parameters of devices and services.</summary>
internal static class IdentityParameters
{
    private const ulong DayMs = 86_400_000;

    public static ParameterEntry[] All =>
    [
        new(Parameter.WithdrawalDelayMs, 1_000, 365 * DayMs, 7 * DayMs, "ms",
            "How long a device that was withdrawn from a service waits for its bond, and until it may enrol there again."),
        new(Parameter.ServiceBond, 0, ulong.MaxValue, 1_000 * Amount.GrainsPerToken, "grains",
            "What an account pledges to create a service, for as long as the service is there."),
    ];
}
