using AppChain.Consensus;

namespace AppChain.Node.Signer;

/// <summary>What the record says of a vote that is about to be sent.</summary>
public enum SigningVerdict
{
    /// <summary>It contradicts nothing.</summary>
    New,

    /// <summary>This very vote was signed before; to sign or send it again says nothing new.</summary>
    Known,

    /// <summary>Of an epoch that the key has left.</summary>
    OldEpoch,

    /// <summary>Of a view so old that what was signed in it is no longer remembered.</summary>
    Forgotten,

    /// <summary>Rule 4: another block was notarized in that view.</summary>
    SecondNotarize,

    /// <summary>Rule 6: another block was finalized in that view.</summary>
    SecondFinalize,

    /// <summary>Rules 4 and 6: the view was nullified; neither notarize nor finalize may follow.</summary>
    AfterNullify,

    /// <summary>Rule 7: the view was finalized; nullify may not follow.</summary>
    NullifyAfterFinalize,
}

/// <summary>
/// What one key has signed, as far as it must be known for rules 4, 6 and 7: the votes of the last views up to the highest, and a
/// floor below which nothing is signed any more. Facts are added and never taken back. The rules are written here once more, apart
/// from the core's, so that one mistake there is not enough for a contradiction.
/// </summary>
public sealed class SignedVotes
{
    private readonly SortedDictionary<ulong, HashSet<VoteBody>> views = [];

    /// <param name="epoch">The epoch that the votes are of.</param>
    /// <param name="floor">At and below this view nothing is signed.</param>
    public SignedVotes(Epoch epoch, View floor) => (Epoch, Floor) = (epoch, floor);

    /// <summary>The epoch that the key signs in. Epochs before it are over.</summary>
    public Epoch Epoch { get; private set; }

    /// <summary>At and below this view nothing new is signed: what was is not remembered.</summary>
    public View Floor { get; private set; }

    /// <summary>The highest view that may have a vote.</summary>
    public View Highest => views.Count > 0 ? new View(views.Keys.Last()) : Floor;

    /// <summary>The votes that are remembered, ascending by view, then by kind.</summary>
    public IEnumerable<VoteBody> Bodies => views.Values.SelectMany(votes => votes.OrderBy(body => body.Kind));

    /// <summary>It holds nothing: a new validator's, or one made where the real one was lost.</summary>
    public bool IsBlank => Epoch == default && Highest == View.Genesis;

    /// <summary>Begins in an epoch above a view, if it holds nothing.</summary>
    /// <exception cref="InvalidOperationException">It holds something.</exception>
    public void BeginAbove(Epoch epoch, View floor)
    {
        if (!IsBlank)
            throw new InvalidOperationException("What was signed is known: the floor follows from that.");
        (Epoch, Floor) = (epoch, floor);
    }

    /// <summary>The view above which a core of that epoch may vote.</summary>
    public View SignAbove(Epoch epoch) =>
        epoch.Value == Epoch.Value ? Floor
        : epoch.Value > Epoch.Value ? View.Genesis
        : new View(ulong.MaxValue);

    /// <summary>Whether the vote may be signed.</summary>
    public SigningVerdict Judge(VoteBody body)
    {
        if (body.Epoch.Value != Epoch.Value)
            return body.Epoch.Value > Epoch.Value ? SigningVerdict.New : SigningVerdict.OldEpoch;
        if (body.View <= Floor)
            return SigningVerdict.Forgotten;
        if (!views.TryGetValue(body.View.Value, out HashSet<VoteBody>? votes))
            return SigningVerdict.New;
        if (votes.Contains(body))
            return SigningVerdict.Known;
        bool Signed(VoteKind kind) => votes.Any(vote => vote.Kind == kind);
        return body.Kind switch
        {
            VoteKind.Nullify => Signed(VoteKind.Finalize) ? SigningVerdict.NullifyAfterFinalize : SigningVerdict.New,
            _ when Signed(VoteKind.Nullify) => SigningVerdict.AfterNullify,
            VoteKind.Notarize => Signed(VoteKind.Notarize) ? SigningVerdict.SecondNotarize : SigningVerdict.New,
            _ => Signed(VoteKind.Finalize) ? SigningVerdict.SecondFinalize : SigningVerdict.New,
        };
    }

    /// <summary>Remembers a vote that <see cref="Judge"/> calls new.</summary>
    /// <exception cref="InvalidOperationException">It is not new.</exception>
    public void Add(VoteBody body)
    {
        SigningVerdict verdict = Judge(body);
        if (verdict != SigningVerdict.New)
            throw new InvalidOperationException($"A vote that is {verdict} was to be remembered as new.");
        if (body.Epoch.Value > Epoch.Value)
        {
            (Epoch, Floor) = (body.Epoch, View.Genesis);
            views.Clear();
        }
        if (!views.TryGetValue(body.View.Value, out HashSet<VoteBody>? votes))
            views.Add(body.View.Value, votes = []);
        votes.Add(body);
        ForgetOldViews();
    }

    private void ForgetOldViews()
    {
        ulong highest = Highest.Value;
        if (highest <= Floor.Value + NodeLimits.SignedViewsMax)
            return;
        Floor = new View(highest - NodeLimits.SignedViewsMax);
        foreach (ulong view in views.Keys.TakeWhile(view => view <= Floor.Value).ToList())
            views.Remove(view);
    }
}
