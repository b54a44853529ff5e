namespace AppChain.Devnet.Chaos.Plan;

/// <summary>What is done to a validator, or to its links.</summary>
internal enum FaultKind
{
    /// <summary>SIGKILL; started again at the fault's end.</summary>
    Kill,

    /// <summary>SIGKILL and started again at once, over and over: also while it starts and repairs itself.</summary>
    KillOften,

    /// <summary>SIGKILL of one validator, and started again with nothing but its keys: neither its data nor its signer record.</summary>
    Wipe,

    /// <summary>SIGSTOP and SIGCONT.</summary>
    Pause,

    /// <summary>Its links have a delay and little bandwidth.</summary>
    Slow,

    /// <summary>Its links lose pieces, which come later.</summary>
    Loss,

    /// <summary>Nothing passes between it and those who are not victims of the same fault.</summary>
    Cut,

    /// <summary>It hears the others, and they do not hear it.</summary>
    Mute,

    /// <summary>The connections of its links are reset over and over.</summary>
    Reset,

    /// <summary>SIGKILL, and started again with a clock that is off, until the fault's end.</summary>
    Clock,

    /// <summary>Its disk is full until the fault's end.</summary>
    FullDisk,
}

/// <summary>One fault within a bout.</summary>
/// <param name="At">From the bout's beginning.</param>
/// <param name="Strength">
/// Slow: ms of delay. Loss: ppm. KillOften and Reset: ms between two. Clock: ms ahead. Others: 0.
/// </param>
internal sealed record Fault(FaultKind Kind, TimeSpan At, TimeSpan Lasts, int[] Victims, int Strength)
{
    public TimeSpan End => At + Lasts;

    public override string ToString()
    {
        string who = string.Join(' ', Victims.Select(victim => FormattableString.Invariant($"v{victim}")));
        string strength = Kind switch
        {
            FaultKind.Slow => FormattableString.Invariant($" by {Strength} ms"),
            FaultKind.Loss => FormattableString.Invariant($" of {Strength / 10_000.0:0.#} %"),
            FaultKind.KillOften or FaultKind.Reset => FormattableString.Invariant($" every {Strength} ms"),
            FaultKind.Clock => FormattableString.Invariant($" {Strength:+0;-0} ms"),
            _ => "",
        };
        return FormattableString.Invariant($"{Kind}{strength} {who} at {At.TotalSeconds:0.0} s for {Lasts.TotalSeconds:0.0} s");
    }
}

/// <summary>Some faults together, and then peace until the chain has recovered.</summary>
/// <param name="WithinF">All faults together hit no more validators than the chain must bear without a halt.</param>
internal sealed record Bout(int Number, bool WithinF, IReadOnlyList<Fault> Faults)
{
    public TimeSpan Length => Faults.Max(fault => fault.End);

    public override string ToString() =>
        FormattableString.Invariant($"bout {Number} {(WithinF ? "within f" : "beyond f")}: ") + string.Join("; ", Faults);
}
