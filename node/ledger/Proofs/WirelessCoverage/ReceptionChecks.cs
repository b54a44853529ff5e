using AppChain.Ledger.Location;

namespace AppChain.Ledger;

/// <summary>
/// Judges a reception by physics: pure. A signal can be weaker than free space lets it be for a hundred reasons, and stronger for none: so
/// this finds who is nearer than he says, and not who never heard a thing. That he heard it, only what was in it can show.
/// </summary>
public static class ReceptionChecks
{
    /// <summary>The checks in order; the first that fails decides.</summary>
    /// <exception cref="LedgerInvariantException">A place is not on Earth.</exception>
    public static ReceptionVerdict Judge(in Reception reception, ReceptionRules rules)
    {
        ulong apart = ulong.Max(reception.SentHz, reception.ReceivedHz) - ulong.Min(reception.SentHz, reception.ReceivedHz);
        if (apart > rules.FrequencyToleranceHz)
            return new ReceptionVerdict(ReceptionOutcome.FrequencyDiffers, (long)ulong.Min(apart, long.MaxValue));
        long distanceCm = Distance.BetweenCm(reception.Sender, reception.Receiver);
        if (distanceCm < rules.DistanceMinM * 100L)
            return new ReceptionVerdict(ReceptionOutcome.TooNear, distanceCm);
        if (distanceCm > rules.DistanceMaxM * 100L)
            return new ReceptionVerdict(ReceptionOutcome.TooFar, distanceCm);
        // EIRP + gain − free-space loss − what every real way loses besides
        long strongest = (long)reception.EirpCentiDbm + reception.GainCentiDb - rules.ExtraLossCentiDb
            - FreeSpaceLoss.CentiDb((ulong)(distanceCm / 100), reception.SentHz);
        if (reception.RssiCentiDbm > strongest)
            return new ReceptionVerdict(ReceptionOutcome.TooStrong, reception.RssiCentiDbm - strongest);
        return reception.RssiCentiDbm < rules.RssiMinCentiDbm
            ? new ReceptionVerdict(ReceptionOutcome.TooWeak, reception.RssiCentiDbm)
            : new ReceptionVerdict(ReceptionOutcome.Possible, 0);
    }
}
