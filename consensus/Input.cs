namespace AppChain.Consensus;

/// <summary>The host's verdict on a proposal's payload.</summary>
public enum CheckResult
{
    /// <summary>Every batch is held and verified, time is within the drift bound, and the roots equal our own execution of the
    /// parent.</summary>
    Valid,

    /// <summary>One of these can never become true. What may still become true (a batch on its way) is waited for instead.</summary>
    Invalid,
}

/// <summary>What happens to a core. The host calls <see cref="Core.Step"/> with one at a time.</summary>
public abstract record Input
{
    Input()
    {
    }

    /// <summary>The first input, after all of the journal was replayed. Given once.</summary>
    public sealed record Start : Input;

    /// <summary>Time has passed; due at <see cref="Core.NextDeadlineMs"/>, harmless at any time.</summary>
    public sealed record Tick : Input;

    /// <param name="From">Index of the sending validator as the transport authenticated it. Nothing about safety hangs on it.</param>
    public sealed record Received(ushort From, Message Message) : Input;

    /// <summary>Answers <see cref="Effect.Build"/>. Null content: nothing can be built, so the view is nullified at once. A late answer
    /// is ignored.</summary>
    public sealed record Built(View View, BlockContent? Content) : Input;

    /// <summary>Answers <see cref="Effect.Check"/>. An answer for another block than the view's proposal is ignored.</summary>
    public sealed record Checked(View View, Digest HeaderHash, CheckResult Result) : Input;

    /// <summary>Answers <see cref="Effect.Obtain"/>: the block and all batches it names are <b>durable</b> here.</summary>
    /// <param name="View">The block's own view, for whoever reads a transcript: the hash says which block.</param>
    public sealed record Held(View View, Digest HeaderHash) : Input;

    /// <summary>True while the host holds something to include, has executed something that no header proves yet, or an epoch is due.
    /// What unfinalised blocks already include does not count. False at the start.</summary>
    public sealed record Work(bool Pending) : Input;

    /// <summary>The host's block sync has committed blocks up to this one, which has this finalization.</summary>
    public sealed record CaughtUp(Header Header, Certificate Finalization) : Input;
}
