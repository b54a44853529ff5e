namespace AppChain.Simulation;

/// <summary>Everything that can go wrong by itself. Traitors are counted by their <see cref="Misdeed"/>.</summary>
enum Fault
{
    // Network
    Lost,
    Duplicated,
    Replayed,
    Clogged,
    PartitionInHalves,
    PartitionOneWay,
    PartitionOfOne,
    PartitionOfAnyLinks,
    WaitedForBandwidth,
    QueueOverflow,

    // Machines
    EpochEntered,
    LateStart,
    PowerCutOfOne,
    PowerCutOfAll,
    StopBeforeAppend,
    StopBeforeSync,
    StopDuringSync,
    StopBeforeEffect,
    Freeze,

    // Disks
    SyncFailed,
    DiskFull,
    ReadError,
    UnsyncedRecordLost,
    RecordTorn,
    IntactRecordBehindATornOne,

    // Clocks
    ClockOff,
    LeapForward,
    LeapBack,

    // Hosts
    AnswerNeverCame,
    AnswerBeyondDeadlines,
    BuildFailed,
    WentIdle,
}

/// <summary>How often each fault and each misdeed really happened: a fault that never fires tests nothing.</summary>
sealed class Coverage
{
    readonly long[] faults = new long[Enum.GetValues<Fault>().Length];
    readonly long[] misdeeds = new long[Enum.GetValues<Misdeed>().Length];

    public void Happened(Fault fault) => faults[(int)fault]++;

    public void Happened(Fault fault, bool really) => faults[(int)fault] += really ? 1 : 0;

    public void Happened(Misdeed misdeed) => misdeeds[(int)misdeed]++;

    public void Happened(Misdeed misdeed, bool really) => misdeeds[(int)misdeed] += really ? 1 : 0;

    public long Of(Fault fault) => faults[(int)fault];

    public void Add(Coverage other)
    {
        for (var i = 0; i < faults.Length; i++)
        {
            faults[i] += other.faults[i];
        }

        for (var i = 0; i < misdeeds.Length; i++)
        {
            misdeeds[i] += other.misdeeds[i];
        }
    }

    /// <summary>In the order of the enums.</summary>
    public IEnumerable<(string Name, long Times)> All() =>
        [.. Enum.GetValues<Fault>().Select(fault => ($"{fault}", faults[(int)fault])),
            .. Enum.GetValues<Misdeed>().Select(misdeed => ($"{misdeed}", misdeeds[(int)misdeed]))];
}
