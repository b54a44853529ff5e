using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What decided a meter's interval. The numbers are the state's.</summary>
public enum EnergyOutcome : byte
{
    /// <summary>Nothing speaks against it.</summary>
    Valid = 0,

    /// <summary>The interval is empty, too long or runs backwards. Decisive: its length in seconds.</summary>
    WrongInterval = 1,

    /// <summary>It begins before the last one ended: part of it was used. Decisive: seconds of overlap.</summary>
    AlreadyUsed = 2,

    /// <summary>It begins after the last one ended. Decisive: seconds between.</summary>
    Gap = 3,

    /// <summary>The register fell. Decisive: by how many Wh.</summary>
    RegisterFell = 4,

    /// <summary>More than the connection can carry. Decisive: Wh too much.</summary>
    TooMuchPower = 5,

    /// <summary>Panels made power in the dark. Decisive: Wh.</summary>
    SunIsDown = 6,

    /// <summary>Panels made more than a clear sky gives. Decisive: Wh too much.</summary>
    BeyondClearSky = 7,

    /// <summary>
    /// The feeder's sum does not hold, and it does if this meter made what it usually does. Decisive: Wh beyond that.
    /// </summary>
    Inflated = 8,

    /// <summary>
    /// The feeder's sum does not hold, and no one meter explains it: panels are paid what is usual at most. Decisive: Wh missing in the
    /// feeder.
    /// </summary>
    Unbalanced = 9,
}

/// <summary>The verdict on one interval of one meter by itself.</summary>
/// <param name="Wh">What it counts.</param>
/// <param name="Outcome">What decided.</param>
/// <param name="Decisive">The number that decided, as <see cref="Outcome"/> explains; else 0.</param>
public readonly record struct EnergyVerdict(ulong Wh, EnergyOutcome Outcome, long Decisive);

/// <summary>The verdict on one meter's interval by its feeder.</summary>
/// <param name="Meter">The meter.</param>
/// <param name="Wh">What it is paid for; of loads what they took.</param>
/// <param name="Outcome">What decided.</param>
/// <param name="Decisive">The number that decided; else 0.</param>
public readonly record struct EnergyScore(Address Meter, ulong Wh, EnergyOutcome Outcome, long Decisive);

/// <summary>The verdicts of a feeder, in the order of its meters.</summary>
/// <param name="Scores">One for each meter.</param>
/// <param name="MissingWh">
/// How much more its meters claim to have made than moved in it, losses and tolerance counted; 0: it balances.
/// </param>
public sealed record FeederScores(ImmutableArray<EnergyScore> Scores, ulong MissingWh);
