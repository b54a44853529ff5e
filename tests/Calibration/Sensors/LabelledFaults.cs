using AppChain.Ledger;

namespace AppChain.Tests.Calibration.Sensors;

/// <summary>The faults that others injected into the temperature recordings and labelled, slot by slot.</summary>
internal static class LabelledFaults
{
    public static Finding Judge(SensorTrial trial, int[] days, SensorScoreRules rules)
    {
        SensorRecording faulted = SensorRecording.Temperature("bias", out IReadOnlyList<bool[]> faulty);
        Assert.Equal(trial.Recording.Sensors, faulted.Sensors);
        Assert.Equal(trial.Recording.FirstDay, faulted.FirstDay);
        bool IsFaulty(int sensor, int slot) => slot < faulty[sensor].Length && faulty[sensor][slot];
        long? Told(SensorRecording _, int sensor, int slot) => SensorTrial.Honest(faulted, sensor, slot);
        long? Rest(SensorRecording _, int sensor, int slot) => IsFaulty(sensor, slot) ? null : SensorTrial.Honest(faulted, sensor, slot);

        int labelled = 0, windows = 0, passing = 0, failing = 0;
        double paid = 0;
        foreach (int sensor in Enumerable.Range(0, faulted.Sensors.Count))
        {
            foreach (int day in days)
            {
                int[] slots = [.. Enumerable.Range(day * SensorRecording.SlotsPerDay, SensorRecording.SlotsPerDay)
                    .Where(slot => SensorTrial.Honest(faulted, sensor, slot) is not null)];
                int wrong = slots.Count(slot => IsFaulty(sensor, slot));
                if (wrong == 0)
                    continue;
                // Slots that were paid with the faults, less those that are paid without: the faulty ones among them.
                SensorScore score = trial.Play([sensor], [day], Told, rules).Single();
                (windows, passing, failing) = (windows + 1, passing + (score.Evidence == SensorEvidence.For ? 1 : 0), failing
                    + (score.Evidence == SensorEvidence.Against ? 1 : 0));
                double near = score.Ppm / 1e6 * slots.Length;
                double rest = trial.Play([sensor], [day], Rest, rules with { AvailabilityMin = 0, BandShareMin = 0 })
                    .Sum(each => each.Ppm / 1e6) * (slots.Length - wrong);
                paid += Math.Clamp(near - rest, 0, wrong);
                labelled += wrong;
            }
        }
        // A sensor with such faults fails windows too, and then loses what it measures well.
        double trusted = TrustWalk.PaidShare(passing / (double)windows, failing / (double)windows, SensorTrust.Max);
        return new Finding(
            "Temperature (Santander)", "has a labelled fault, by half-hours", labelled, 1 - (paid / labelled), paid / labelled * trusted);
    }
}
