namespace AppChain.Simulation;

/// <summary>
/// Passes on what an honest core says, and watches that no offence shown to it goes unreported (rule 10): two genuine votes that contradict
/// each other, both taken in by one life of the core, accuse their signer within <see cref="ReportUs"/>.
/// </summary>
sealed class Honest(World world, Machine self) : Actor(world, self)
{
    /// <summary>A turn, its sync, and some time to spare.</summary>
    const long ReportUs = 1_000_000;

    /// <summary>Views below the current one in which an offence is looked for: well within what the core admits (rule 9).</summary>
    const ulong ViewsBack = 8;

    /// <summary>Reports after which no more are expected: half of what a core keeps.</summary>
    const int ReportsMax = 32;

    const byte EvidenceRecord = 5;

    readonly Dictionary<(View View, ushort Signer), List<Vote>> heard = [];
    readonly HashSet<(Epoch, ushort)> accused = [];
    readonly HashSet<(Epoch, View, ushort)> reports = [];
    int life;

    public override void OnReceived(Message message)
    {
        if (life != Self.Life)
        {
            life = Self.Life;
            heard.Clear(); // A new core has heard nothing yet.
        }

        // While a turn is under way the input waits, and the core may stand elsewhere when it comes to it.
        if (message is Message.Ballot(var vote) && !Self.Busy && vote.Body.Epoch == Self.Epoch && vote.Signer != Self.Seat
            && vote.View >= Self.Finalized && vote.View <= Self.View && vote.View.Value + ViewsBack >= Self.View.Value
            && IsGenuine(vote))
        {
            Hear(vote);
        }
    }

    public override void OnReport(Evidence evidence)
    {
        base.OnReport(evidence);
        var epoch = evidence.First.Body.Epoch;
        accused.Add((epoch, evidence.Offender));
        reports.Add((epoch, evidence.View, evidence.Offender));
        byte[] record = [EvidenceRecord, .. evidence.Encode()];
        World.Oracle.Require(
            Self.Disk.Journal.Any(entry => entry.Record.AsSpan().SequenceEqual(record)),
            "evidence record",
            $"{Self.Name} reports {evidence.Offender} and has not journaled it");
    }

    void Hear(Vote vote)
    {
        var key = (vote.View, vote.Signer);
        if (!heard.TryGetValue(key, out var before))
        {
            heard[key] = before = [];
        }

        if (before.Exists(other => other.Body == vote.Body))
        {
            return;
        }

        if (before.Exists(other => Contradict(other.Body, vote.Body)))
        {
            Self.After(ReportUs, () => World.Oracle.Require(
                accused.Contains((vote.Body.Epoch, vote.Signer)) || reports.Count >= ReportsMax,
                "unreported",
                $"{Self.Name} has seen {vote.Signer} contradict itself in view {vote.View}"));
        }

        before.Add(vote);
    }

    static bool Contradict(VoteBody one, VoteBody other) => one.Kind == other.Kind
        ? one.Kind != VoteKind.Nullify
        : one.Kind != VoteKind.Notarize && other.Kind != VoteKind.Notarize;

    bool IsGenuine(Vote vote) => World.Reigns.IdentityOf(vote.Body.Epoch, vote.Signer) is { } signer && SignatureBook.Matches(
        SignatureBook.PublicKey(signer), vote.Body.SigningDigest(Scenario.ChainId), vote.Signature.Span);
}
