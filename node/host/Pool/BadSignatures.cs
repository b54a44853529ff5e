using System.Net;

namespace AppChain.Node.Pool;

/// <summary>
/// Who made the node verify signatures that are none. A bad one costs what a good one does and pays no fee: an address that sends many is not
/// listened to until the count has run down. Any thread.
/// </summary>
public sealed class BadSignatures(TimeProvider clock)
{
    private readonly Dictionary<IPAddress, Debt> debts = [];
    private readonly Lock gate = new();

    private readonly record struct Debt(double Count, long Stamp);

    /// <summary>Notes one.</summary>
    public void Note(IPAddress from)
    {
        // A proxy on this machine speaks for many, who cannot be told apart here.
        if (from.Equals(IPAddress.Loopback) || from.Equals(IPAddress.IPv6Loopback))
            return;
        lock (gate)
        {
            long now = clock.GetTimestamp();
            if (debts.Count >= NodeLimits.BadSignersRememberedMax && !debts.ContainsKey(from))
                ForgetPaid(now);
            if (debts.Count < NodeLimits.BadSignersRememberedMax || debts.ContainsKey(from))
                debts[from] = new Debt(CountAt(debts.GetValueOrDefault(from), now) + 1, now);
        }
    }

    /// <summary>True while an address has sent so many that it is not listened to.</summary>
    public bool IsShunned(IPAddress from)
    {
        lock (gate)
            return debts.TryGetValue(from, out Debt debt) && CountAt(debt, clock.GetTimestamp()) >= NodeLimits.BadSignaturesMax;
    }

    private double CountAt(Debt debt, long now) =>
        Math.Max(0, debt.Count - clock.GetElapsedTime(debt.Stamp, now).TotalSeconds * NodeLimits.BadSignaturesPerSecond);

    private void ForgetPaid(long now)
    {
        foreach ((IPAddress from, Debt debt) in debts)
        {
            if (CountAt(debt, now) <= 0)
                debts.Remove(from);
        }
    }
}
