using AppChain.Ledger;

namespace AppChain.Tests.Calibration.Sensors;

/// <summary>What trust makes of windows that pass by chance: the expected share of a year's windows in which a sensor is paid.</summary>
internal static class TrustWalk
{
    private const int Windows = 365;

    /// <param name="passing">The chance that a window speaks for the sensor.</param>
    /// <param name="failing">The chance that it speaks against it.</param>
    /// <param name="start">Its trust at the start.</param>
    public static double PaidShare(double passing, double failing, uint start)
    {
        double[] at = new double[SensorTrust.Max + 1];
        at[start] = 1;
        double paid = 0;
        for (int window = 0; window < Windows; window++)
        {
            double[] next = new double[at.Length];
            for (uint trust = 0; trust < at.Length; trust++)
            {
                paid += SensorTrust.IsPaid(trust) ? at[trust] : 0;
                next[SensorTrust.After(trust, SensorEvidence.For)] += at[trust] * passing;
                next[SensorTrust.After(trust, SensorEvidence.Against)] += at[trust] * failing;
                next[trust] += at[trust] * (1 - passing - failing);
            }
            at = next;
        }
        return paid / Windows;
    }
}
