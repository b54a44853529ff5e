using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What decided a sensor's window. The numbers are the state's.</summary>
public enum SensorOutcome : byte
{
    /// <summary>It agrees with its neighbours; the score is the share of slots in which it does.</summary>
    Agrees = 0,

    /// <summary>There were not enough witnesses to judge: the score is the stated confidence for so few.</summary>
    Unwitnessed = 1,

    /// <summary>Too few slots are filled. <see cref="SensorScore.Decisive"/>: how many are.</summary>
    TooFewReadings = 2,

    /// <summary>It did not move while the neighbours did. Decisive: its spread in ppm of theirs.</summary>
    Constant = 3,

    /// <summary>It repeats an elder's series. Decisive: the difference in ppm of the neighbours' MAD.</summary>
    Copied = 4,

    /// <summary>It was far from the neighbours in most slots. Decisive: the share in ppm in which it was near.</summary>
    FarFromNeighbours = 5,

    /// <summary>It stood off by much, always to the same side. Decisive: by how much, in the metric's unit × 1000.</summary>
    Biased = 6,

    /// <summary>
    /// It agrees in height, but does not rise and fall with its neighbours: evidence against it. Decisive: the rank correlation in ppm.
    /// </summary>
    DoesNotFollow = 7,

    /// <summary>It fits an earlier time better than its own: evidence against it. Decisive: how many slots earlier.</summary>
    Stale = 8,

    /// <summary>The cell has as many better or older sensors as may earn. Decisive: its rank, from 0.</summary>
    OverCap = 9,
}

/// <summary>
/// What a window says of a sensor's honesty. One says little, a row of them much: <see cref="SensorTrust"/> adds them up.
/// </summary>
public enum SensorEvidence : byte
{
    /// <summary>Nothing: there were too few witnesses, or the world stood still.</summary>
    None = 0,

    For = 1,

    Against = 2,
}

/// <summary>The score of one sensor for one metric and window.</summary>
/// <param name="Device">The sensor.</param>
/// <param name="Ppm">What each of its accepted readings counts, in parts per million; trust is not yet in it.</param>
/// <param name="Outcome">What decided.</param>
/// <param name="Decisive">The number that decided, as <see cref="Outcome"/> explains; 0 if there is none.</param>
/// <param name="Evidence">What its trust changes by.</param>
/// <param name="Witnesses">Sensors of other owners that filled enough slots to judge it by.</param>
public readonly record struct SensorScore(
    Address Device, uint Ppm, SensorOutcome Outcome, long Decisive, SensorEvidence Evidence, uint Witnesses);
