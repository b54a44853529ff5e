using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What decided a beacon or a reception. The numbers are the state's.</summary>
public enum WirelessOutcome : byte
{
    /// <summary>Nothing speaks against it.</summary>
    Valid = 0,

    /// <summary>The beacon was sent long after its entropy, or before. Decisive: ms after it.</summary>
    NotFresh = 1,

    /// <summary>No witness of another owner was valid.</summary>
    Unheard = 2,

    /// <summary>The sender cannot hear itself.</summary>
    OwnBeacon = 3,

    /// <summary>The sender's owner owns the witness too.</summary>
    SameOwner = 4,

    /// <summary>The device was revoked.</summary>
    Revoked = 5,

    /// <summary>The device reported the beacon before.</summary>
    Repeated = 6,

    /// <summary>What was received is not what was sent.</summary>
    WrongPayload = 7,

    /// <summary>Decisive: the difference in Hz.</summary>
    WrongFrequency = 8,

    /// <summary>Decisive: ms between sending and reception.</summary>
    LateReception = 9,

    /// <summary>Decisive: the distance in cm.</summary>
    TooNear = 10,

    /// <summary>Decisive: the distance in cm.</summary>
    TooFar = 11,

    /// <summary>Stronger than free space allows. Decisive: by how many hundredths of a dB.</summary>
    TooStrong = 12,

    /// <summary>Weaker than a receiver can hear. Decisive: the strength in hundredths of a dBm.</summary>
    TooWeak = 13,

    /// <summary>One of the two has not worked lately, so that nobody knows whether it is there.</summary>
    Inactive = 14,

    /// <summary>More witnesses reported than count, and the draw left this one out.</summary>
    NotDrawn = 15,
}

/// <summary>What one device earned by a beacon.</summary>
/// <param name="Device">The sender or a witness.</param>
/// <param name="Ppm">Units in parts per million of one; how crowded the place is, is not yet in it (<see cref="Location.Density"/>).</param>
/// <param name="Outcome">What decided.</param>
/// <param name="Decisive">The number that decided, as <see cref="Outcome"/> explains; else 0.</param>
public readonly record struct WirelessScore(Address Device, uint Ppm, WirelessOutcome Outcome, long Decisive);

/// <summary>What a beacon and its witnesses earned; the witnesses in the order of their reports.</summary>
public sealed record WirelessScores(WirelessScore Beacon, ImmutableArray<WirelessScore> Witnesses);
