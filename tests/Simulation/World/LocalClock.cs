namespace AppChain.Simulation;

/// <summary>One machine's idea of time: a monotonic clock that runs fast or slow and may leap, and a wall clock that is off by a
/// little.</summary>
sealed class LocalClock(Agenda agenda)
{
    long sinceUs;
    long readUs;
    long ratePerMille = 1000;

    /// <summary>Added to true time for the wall clock, in milliseconds.</summary>
    public long WallOffsetMs { get; set; }

    public ulong NowMs => (ulong)(NowUs / 1000);

    public ulong WallMs => (ulong)(Scenario.GenesisTimeMs + (agenda.NowUs / 1000) + WallOffsetMs);

    long NowUs => readUs + ((agenda.NowUs - sinceUs) * ratePerMille / 1000);

    /// <summary>When, in true time, this clock will show at least the given milliseconds.</summary>
    public long TrueUsOf(ulong localMs)
    {
        var ahead = ((long)localMs * 1000) - readUs;
        return ahead <= 0 ? agenda.NowUs : long.Max(agenda.NowUs, sinceUs + (((ahead * 1000) + ratePerMille - 1) / ratePerMille));
    }

    public void Reset(long startMs)
    {
        sinceUs = agenda.NowUs;
        readUs = startMs * 1000;
    }

    public void SetRate(long perMille)
    {
        (readUs, sinceUs) = (NowUs, agenda.NowUs);
        ratePerMille = perMille;
    }

    /// <summary>Backwards too, as a bad virtual machine does; never below zero.</summary>
    public void Leap(long ms)
    {
        (readUs, sinceUs) = (long.Max(0, NowUs + (ms * 1000)), agenda.NowUs);
    }
}
