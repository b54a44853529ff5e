using System.Runtime.CompilerServices;
using AppChain.Simulation.Execution;

namespace AppChain.Simulation;

/// <summary>
/// Watches all that honest validators show and commit, across their restarts, and judges it in its own words: it shares no predicate with
/// the core. It does not wait for a catastrophe: what faulty validators <i>could</i> complete with their signatures counts as done.
/// </summary>
sealed partial class Oracle(Reigns reigns, ulong epochBlocks, UInt128 faulty, SignatureBook book, IExecution execution)
{
    readonly Dictionary<(ulong Epoch, ulong View), ViewRecord> views = [];
    readonly Dictionary<Digest, Header> headers = [];
    readonly HashSet<VoteBody> justified = [];
    readonly Dictionary<int, ulong> votedIn = [];
    readonly Dictionary<VoteBody, Digest> signingDigests = [];
    readonly HashSet<(VoteBody Body, UInt128 Signers)> judged = [];

    public void Require(bool holds, string check, [InterpolatedStringHandlerArgument(nameof(holds))] ref Reason why)
    {
        if (!holds)
        {
            throw new Violation(check, why.Finish());
        }
    }

    /// <summary>A message leaves an honest machine.</summary>
    public void OnSent(Machine machine, Message message)
    {
        switch (message)
        {
            case Message.Proposal proposal:
                OnBlock(proposal.Block);
                OnVote(machine.Signer, proposal.LeaderVote);
                break;
            case Message.Ballot(var vote):
                Require(
                    vote.Kind != VoteKind.Finalize || machine.Disk.HasBatches(vote.Body.HeaderHash),
                    "finalize before held",
                    $"{vote.Signer} in view {vote.View}");
                OnVote(machine.Signer, vote);
                break;
            case Message.Proof(var certificate):
                OnCertificate(machine, certificate);
                break;
        }
    }

    /// <summary>What a message is to those who get it.</summary>
    public Message Decoded(Machine sender, Message message)
    {
        var decodes = Message.TryDecode(message.Encode(), out var decoded);
        Require(decodes, "codec", $"{sender.Name} sends what does not decode: {Readable.Of(message)}");
        return decoded;
    }

    /// <summary>A core has done what it could and waits: an honest one for a time to come.</summary>
    /// <param name="nowMs">The time that the core was told; 0 while its clock is behind what it was told before.</param>
    public void OnWaiting(Machine machine, ulong? untilMs, ulong nowMs) =>
        Require(!machine.IsHonest || untilMs is null || untilMs > nowMs, "deadline", $"{machine.Name} asks to be woken in the past");

    /// <summary>A block that anybody, honest or not, has made known.</summary>
    public void OnBlock(Block block)
    {
        execution.Learn(block);
        OnHeader(block.Header);
    }

    /// <summary>The roots after a block, as the oracle has computed them itself; of one that is not known, some that cannot be
    /// right.</summary>
    public Roots After(Digest block) => execution.After(block) ?? default;

    /// <summary>The beacon of a block that anybody has made known; of another, some that cannot be right.</summary>
    public Digest BeaconOf(Digest block) =>
        block == Scenario.Genesis.Hash ? Scenario.Genesis.Beacon : headers.GetValueOrDefault(block)?.Beacon ?? default;

    /// <summary>The same of a block whose payload does not matter.</summary>
    public void OnHeader(Header header) => headers.TryAdd(header.Hash, header);

    /// <summary>An honest validator sends a vote: its own.</summary>
    public void OnVote(int sender, Vote vote)
    {
        // A leader's proposal may be sent on by nobody but the leader, a vote by nobody but its signer.
        var epoch = vote.Body.Epoch;
        Require(reigns.IdentityOf(epoch, vote.Signer) == sender, "signer", $"validator {sender} sends a vote of seat {vote.Signer}");
        Require(IsGenuine(vote.Body, sender, vote.Signature), "signature", $"{sender} sends a vote that it did not sign");
        Require(epoch.Value >= votedIn.GetValueOrDefault(sender), "epoch", $"{sender} goes back to vote in epoch {epoch}");
        votedIn[sender] = epoch.Value;
        Show(vote.Body, sender);
    }

    /// <summary>From now on the world knows that this validator signed this.</summary>
    void Show(VoteBody body, int signer)
    {
        var record = At(body.Epoch, body.View);
        if (record.HasShown(body, signer))
        {
            return;
        }

        if (!Power.Contains(faulty, signer))
        {
            JudgeHonest(record, body, signer);
        }

        record.Add(body, signer);
        JudgeView(record, body.Epoch, body.View);
    }

    /// <summary>No honest double vote, across restarts; and nothing signed without its reasons.</summary>
    void JudgeHonest(ViewRecord record, VoteBody body, int signer)
    {
        var view = body.View;
        Require(body.Epoch.Value <= EpochsEnded, "epoch", $"{signer} votes in epoch {body.Epoch}, which has not begun");
        Require(!record.HasShown(body.Kind, signer), "double vote", $"{signer} signed two different {body.Kind} votes in view {view}");
        switch (body.Kind)
        {
            case VoteKind.Notarize:
                // It may be shown late, but it may not have been signed after the nullify was shown.
                var nullifiedAt = record.NullifiedAt.GetValueOrDefault(signer, long.MaxValue);
                Require(
                    book.SignedAt(signer, SigningDigest(body)) < nullifiedAt,
                    "notarize after nullify",
                    $"{signer} in view {view}");
                JudgeNotarized(body, signer);
                break;
            case VoteKind.Nullify:
                record.NullifiedAt[signer] = book.NextSequence();
                Require(!record.HasShown(VoteKind.Finalize, signer), "nullify and finalize", $"{signer} in view {view}");
                break;
            default:
                Require(!record.HasShown(VoteKind.Nullify, signer), "nullify and finalize", $"{signer} in view {view}");
                Require(
                    HasQuorum(body with { Kind = VoteKind.Notarize }),
                    "finalize without notarization",
                    $"{signer} in view {view}");
                break;
        }
    }

    /// <summary>What an honest validator notarizes has a notarized parent, and every view between was nullified.</summary>
    void JudgeNotarized(VoteBody body, int signer)
    {
        if (justified.Contains(body))
        {
            return;
        }

        Require(
            headers.TryGetValue(body.HeaderHash, out var header) && header.Epoch == body.Epoch,
            "unknown header",
            $"{signer} notarizes in view {body.View} what nobody proposed");
        if (header!.View == body.View && header.ParentView == body.ParentView)
        {
            JudgeHeader(header);
        }
        else
        {
            JudgeAgain(header, body, signer);
        }

        justified.Add(body);
    }

    /// <summary>The last block of an epoch, and no other, may come again: on a view that notarized it, with nullifications between.</summary>
    void JudgeAgain(Header header, VoteBody body, int signer)
    {
        Require(
            header.NextValidatorsHash != default && body.ParentView >= header.View
                && At(body.Epoch, body.ParentView).Of(VoteKind.Notarize).Keys.Any(before => before.HeaderHash == body.HeaderHash && HasQuorum(before)),
            "unknown header",
            $"{signer} notarizes in view {body.View} a block of view {header.View}");
        JudgeSkipped(body.Epoch, body.ParentView, body.View);
    }

    void JudgeHeader(Header header)
    {
        var isFirst = header.ParentView == View.Genesis;
        Header? parent = isFirst && header.Epoch.Value > 0 ? LastOf(header.Epoch.Value - 1) : null;
        Require(
            isFirst
                ? header.ParentHash == (parent?.Hash ?? Scenario.Genesis.Hash) && (parent is null) == (header.Epoch.Value == 0)
                : headers.TryGetValue(header.ParentHash, out parent) && parent.View == header.ParentView && parent.Epoch == header.Epoch
                    && parent.NextValidatorsHash == default
                    && HasQuorum(VoteBody.For(VoteKind.Notarize, parent, header.ParentHash)),
            "ancestry",
            $"the block of view {header.View} has a parent in view {header.ParentView} that is not notarized, or ends the epoch");
        JudgeSkipped(header.Epoch, header.ParentView, header.View);

        var (height, time) = parent is null
            ? (Scenario.Genesis.Height, Scenario.Genesis.TimeMs)
            : (parent.Height, parent.TimeMs);
        var ends = epochBlocks > 0 && header.Height.Value % epochBlocks == 0;
        Require(
            header.Height.Value == height.Value + 1 && header.TimeMs > time
                && execution.After(header.ParentHash) == new Roots(header.StateRoot, header.ReceiptsRoot)
                && header.ChainId == Scenario.ChainId && header.ValidatorsHash == reigns.SetOf(header.Epoch).Hash
                && header.NextValidatorsHash == (ends ? reigns.SetOf(new Epoch(header.Epoch.Value + 1)).Hash : default),
            "invalid block",
            $"the block of view {header.View} has a wrong height, time, root, chain or validator set");
        Require(
            reigns.IdentityOf(header.Epoch, header.Leader) is { } leader
                && SignatureBook.Draw(leader, BeaconOf(header.ParentHash)) == new BeaconDraw(header.Beacon, header.BeaconProof),
            "beacon",
            $"the block of view {header.View} has another beacon than its leader's draw");
    }

    void JudgeSkipped(Epoch epoch, View parent, View view)
    {
        for (var skipped = parent.Next; skipped < view; skipped = skipped.Next)
        {
            Require(
                HasQuorum(VoteBody.Nullify(epoch, skipped)),
                "skipped view",
                $"the block of view {view} is on view {parent}, but view {skipped} has no nullification");
        }
    }

    void JudgeView(ViewRecord record, Epoch epoch, View view)
    {
        var powers = reigns.PowersIn(epoch);
        Require(record.Possible(VoteKind.Notarize, powers, faulty).Count() <= 1, "two notarizations", $"view {view}");
        Require(record.Possible(VoteKind.Finalize, powers, faulty).Count() <= 1, "two finalizations", $"view {view}");
        Require(
            !record.Possible(VoteKind.Nullify, powers, faulty).Any() || !record.Possible(VoteKind.Finalize, powers, faulty).Any(),
            "nullified and finalised",
            $"view {view}");
    }

    /// <summary>Whether a quorum has signed this: faulty ones may have done so silently.</summary>
    bool HasQuorum(VoteBody body)
    {
        var digest = SigningDigest(body);
        var powers = reigns.PowersIn(body.Epoch);
        var mask = UInt128.Zero;
        for (var signer = 0; signer < powers.Length; signer++)
        {
            mask |= book.SignedAt(signer, digest) is null ? UInt128.Zero : Power.Bit(signer);
        }

        return Power.IsQuorum(powers, mask);
    }

    bool IsGenuine(VoteBody body, int signer, ReadOnlyMemory<byte> signature)
    {
        var digest = SigningDigest(body);
        return book.SignedAt(signer, digest) is not null && SignatureBook.Matches(SignatureBook.PublicKey(signer), digest, signature.Span);
    }

    Digest SigningDigest(VoteBody body)
    {
        if (!signingDigests.TryGetValue(body, out var digest))
        {
            signingDigests[body] = digest = body.SigningDigest(Scenario.ChainId);
        }

        return digest;
    }

    ViewRecord At(Epoch epoch, View view)
    {
        if (!views.TryGetValue((epoch.Value, view.Value), out var record))
        {
            views[(epoch.Value, view.Value)] = record = new ViewRecord();
        }

        return record;
    }
}
