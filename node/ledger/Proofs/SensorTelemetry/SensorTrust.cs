namespace AppChain.Ledger;

/// <summary>
/// What a sensor has earned by windows that told. An honest sensor fails some by chance, a liar passes some: none decides alone. The sum
/// climbs for who passes more than two of three, and falls for who does not. A new identity has none, so that leaving and coming back
/// forgets nothing.
/// </summary>
public static class SensorTrust
{
    /// <summary>It climbs no higher, so that who turns dishonest is found out soon.</summary>
    public const uint Max = 8;

    /// <summary>From here on readings are paid in full; below not at all.</summary>
    public const uint Paid = 4;

    private const uint Loss = 2;

    /// <summary>The trust after a window.</summary>
    public static uint After(uint trust, SensorEvidence evidence) => evidence switch
    {
        SensorEvidence.For => uint.Min(trust + 1, Max),
        SensorEvidence.Against => trust - uint.Min(trust, Loss),
        _ => trust,
    };

    /// <summary>True if who has this trust is paid, and is believed before those who are not.</summary>
    public static bool IsPaid(uint trust) => trust >= Paid;
}
