using AppChain.Ledger.Location;

namespace AppChain.Ledger;

/// <summary>A radio signal on its way, as both ends tell it.</summary>
/// <param name="Sender">Where the sender says it stands.</param>
/// <param name="Receiver">Where the receiver says it stands.</param>
/// <param name="EirpCentiDbm">The most that the sender radiates, antenna included, in hundredths of a dBm.</param>
/// <param name="GainCentiDb">The receiver's antenna, in hundredths of a dB.</param>
/// <param name="SentHz">On which frequency it was sent, in Hz.</param>
/// <param name="ReceivedHz">And received.</param>
/// <param name="RssiCentiDbm">How strong it was received, in hundredths of a dBm.</param>
public readonly record struct Reception(
    GeoPoint Sender, GeoPoint Receiver, int EirpCentiDbm, int GainCentiDb, ulong SentHz, ulong ReceivedHz, int RssiCentiDbm);

/// <summary>
/// What is believed of a reception. The defaults are physics alone; real networks bear tighter ones (docs/calibration.md).
/// </summary>
public sealed record ReceptionRules
{
    /// <summary>Nearer than so many metres is the same place.</summary>
    public uint DistanceMinM { get; init; } = 350;

    /// <summary>Farther than so many metres is not believed.</summary>
    public uint DistanceMaxM { get; init; } = 100_000;

    /// <summary>How far in Hz the frequencies may differ.</summary>
    public ulong FrequencyToleranceHz { get; init; } = 100_000;

    /// <summary>What every real way loses beyond free space, in hundredths of a dB: houses, hills, bad antennas.</summary>
    public int ExtraLossCentiDb { get; init; }

    /// <summary>The weakest signal that a receiver can hear, in hundredths of a dBm.</summary>
    public int RssiMinCentiDbm { get; init; } = -15_000;
}

/// <summary>What speaks against a reception. The numbers are the state's.</summary>
public enum ReceptionOutcome : byte
{
    /// <summary>Nothing does.</summary>
    Possible = 0,

    /// <summary>Decisive: the difference in Hz.</summary>
    FrequencyDiffers = 1,

    /// <summary>Decisive: the distance in cm.</summary>
    TooNear = 2,

    /// <summary>Decisive: the distance in cm.</summary>
    TooFar = 3,

    /// <summary>Stronger than the way allows. Decisive: by how many hundredths of a dB.</summary>
    TooStrong = 4,

    /// <summary>Weaker than a receiver can hear. Decisive: the strength in hundredths of a dBm.</summary>
    TooWeak = 5,
}

/// <summary>The verdict on a reception.</summary>
/// <param name="Outcome">What decided.</param>
/// <param name="Decisive">The number that decided, as <see cref="ReceptionOutcome"/> explains; else 0.</param>
public readonly record struct ReceptionVerdict(ReceptionOutcome Outcome, long Decisive);
