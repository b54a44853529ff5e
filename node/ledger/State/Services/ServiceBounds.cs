using System;
using System.Collections.Immutable;
using System.Text;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What a service's definition may say, whoever makes it: genesis, a transaction or a vote.</summary>
public static class ServiceBounds
{
    private const ulong DayMs = 86_400_000;

    /// <summary>Length of the shortest interval between observations; the longest is a day.</summary>
    public const ulong IntervalMsMax = DayMs;

    public const ulong MaxAgeMsMax = 30 * DayMs;

    public const ulong DriftMsMax = DayMs;

    /// <summary>True if the definition lies within every bound that needs no state.</summary>
    public static bool Allow(ServiceDefinition service) =>
        IsName(service.Name)
        && ProofKinds.Find(service.Kind) is { } rules
        && service.RulesVersion >= 1
        && service.RulesVersion <= rules.VersionMax
        && service.IntervalMinMs is >= 1 and <= IntervalMsMax
        && service.MaxAgeMs is >= 1 and <= MaxAgeMsMax
        && service.DriftMs <= DriftMsMax
        && service.ConstancyMax >= 1
        && service.KindParameters.Length <= LedgerLimits.KindBytesMax
        && IsEndpoint(service.Endpoint)
        && AllowManufacturers(service)
        && rules.Allow(service);

    /// <summary>True for 1 to <see cref="LedgerLimits.NameBytesMax"/> bytes without control characters, which terminals would obey.</summary>
    public static bool IsName(string text)
    {
        if (text.Length == 0 || Encoding.UTF8.GetByteCount(text) > LedgerLimits.NameBytesMax)
            return false;
        foreach (char c in text)
        {
            if (char.IsControl(c))
                return false;
        }
        return true;
    }

    private static bool IsEndpoint(string text)
    {
        if (text.Length == 0)
            return true;
        if (text.Length > LedgerLimits.EndpointLengthMax || !text.StartsWith("https://", StringComparison.Ordinal))
            return false;
        foreach (char c in text)
        {
            if (c is <= ' ' or > '~' or '"' or '<' or '>' or '\\')
                return false;
        }
        return text.Length > "https://".Length;
    }

    // A service that accepts nobody would be asked for attestations that cannot be had.
    private static bool AllowManufacturers(ServiceDefinition service)
    {
        ImmutableArray<Address> manufacturers = service.Manufacturers;
        if (manufacturers.Length > LedgerLimits.ServiceManufacturersMax || (service.AttestationRequired && manufacturers.IsEmpty))
            return false;
        for (int i = 1; i < manufacturers.Length; i++)
        {
            if (manufacturers[i].CompareTo(manufacturers[i - 1]) <= 0)
                return false;
        }
        return true;
    }
}
