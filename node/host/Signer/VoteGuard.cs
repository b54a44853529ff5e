using AppChain.Consensus;
using Microsoft.Extensions.Logging;

namespace AppChain.Node.Signer;

/// <summary>
/// Stands between the core and the network: no vote of this key is sent that the signer record does not hold, and the record takes none
/// that contradicts an earlier one. After a restart it tells the core what the journal no longer knows. Owned by the driver.
/// </summary>
/// <param name="sign">Makes a seat's vote of a body: the same as it was signed before.</param>
public sealed class VoteGuard(SignerRecord record, Func<ushort, VoteBody, Vote> sign, ILogger log)
{
    private readonly HashSet<VoteBody> journaled = [];

    /// <summary>Takes the votes among a turn's journal records, before these are written.</summary>
    /// <exception cref="SignerRecordException">One contradicts what was signed: the node must stop with nothing of the turn sent.</exception>
    public void Admit(IEnumerable<Effect.Append> appends)
    {
        foreach (Effect.Append append in appends)
        {
            if (!Core.TryReadOwnVote(append.Record.Span, out Vote vote))
                continue;
            SigningVerdict verdict = record.Votes.Judge(vote.Body);
            if (verdict == SigningVerdict.New)
                record.Add(vote.Body);
            else if (verdict != SigningVerdict.Known)
                throw new SignerRecordException(
                    $"The vote {Describe(vote.Body)} was about to be sent, and the signer record {record.Path} forbids it ({verdict}). This is a defect of the program: "
                    + "nothing was sent; keep the log and the data directory, and report it.");
        }
    }

    /// <summary>Returns when all admitted votes are on disk.</summary>
    public void Save() => record.Save();

    /// <summary>Takes a vote that the journal remembers. One that the record lacks was cut off by a crash before it was sent.</summary>
    /// <exception cref="SignerRecordException">It contradicts the record.</exception>
    public void OnJournaled(VoteBody body)
    {
        journaled.Add(body);
        switch (record.Votes.Judge(body))
        {
            case SigningVerdict.New:
                record.Add(body);
                break;
            case SigningVerdict.Known or SigningVerdict.Forgotten or SigningVerdict.OldEpoch:
                break; // the journal may reach farther back
            case var contradiction:
                throw new SignerRecordException(
                    $"The journal has the vote {Describe(body)}, which contradicts the signer record {record.Path} ({contradiction}): this key was used twice. "
                    + "Make sure that no other process signs with it. Then move the data directory away, keep the record, and start again: "
                    + "the node fetches the chain from its peers, and the record keeps it from contradicting itself further.");
        }
    }

    /// <summary>The journal is replayed: gives the core what only the record knows of views that are not final.</summary>
    /// <param name="epoch">The core's epoch. A node that lost its data may have to go through several before it is in the record's.</param>
    /// <param name="core">Not started yet.</param>
    /// <param name="journalIsNew">Nothing was ever written to the journal.</param>
    /// <exception cref="SignerRecordException">What was signed last is not known.</exception>
    public void OnReplayed(Epoch epoch, Core core, bool journalIsNew)
    {
        bool IsFinal(VoteBody body) => body.Epoch.Value < epoch.Value || (body.Epoch == epoch && body.View <= core.Finalized.View);
        List<VoteBody> missing = [.. record.Votes.Bodies.Where(body => !IsFinal(body) && !journaled.Contains(body))];
        // A crash tears the slot of the turn that it falls into, of which nothing was sent. But if the journal does not reach as far as
        // the record, nobody knows whether that is what happened, and the torn slot may have held votes that were sent.
        if (record.WasTorn && (missing.Count > 0 || journalIsNew))
            throw new SignerRecordException(
                $"One half of the signer record {record.Path} is damaged, and the data directory is new or an old copy, so it is not known what this key signed last. "
                + SignerAdvice.Reset);
        (ulong recordEpoch, ulong floor) = (record.Votes.Epoch.Value, record.Votes.Floor.Value);
        if (recordEpoch == epoch.Value && core.Signer is { } seat && missing.Count > 0)
        {
            SignerLog.Recalled(log, missing.Count, missing[0].View.Value, missing[^1].View.Value, floor);
            foreach (VoteBody body in missing)
                core.Recall(sign(seat, body));
        }
        else if (record.Votes.SignAbove(epoch) > core.View)
        {
            SignerLog.Waiting(log, floor, recordEpoch);
        }
        journaled.Clear();
        record.Save();
    }

    private static string Describe(VoteBody body) => $"{body.Kind} of view {body.View} in epoch {body.Epoch}";
}
