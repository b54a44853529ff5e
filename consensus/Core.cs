using System;
using System.Collections.Generic;

namespace AppChain.Consensus;

/// <summary>
/// One validator's Simplex core: takes an input, returns effects, knows nothing of clocks, threads, files or sockets. README.md is its
/// specification; the files of <c>Rules/</c> follow it rule by rule. Single-threaded and deterministic: the same journal and
/// inputs give the same effects.
/// <para>Life: construct with the durable finalised tip, <see cref="Replay"/> the whole journal, then <see cref="Step"/> with
/// <see cref="Input.Start"/> and from then on with whatever happens, and with <see cref="Input.Tick"/> when
/// <see cref="NextDeadlineMs"/> has come.</para>
/// </summary>
public sealed partial class Core
{
    readonly CoreOptions options;
    readonly IVoteCrypto crypto;
    readonly LeaderSchedule leaders;
    readonly ActivityClock activity;
    readonly AnswerBudget answers;

    /// <summary>Views from a little below the finalised one up to one above the current one, and certified later ones.</summary>
    readonly SortedDictionary<View, ViewState> states = Sorted();

    /// <summary>Those of <see cref="states"/> above the finalised tip that have a certified block.</summary>
    readonly SortedDictionary<View, ViewState> certified = Sorted();

    List<Effect> effects = [];
    ulong nowMs;
    bool started;

    /// <param name="finalized">The durable finalised tip of the host's chain store, or genesis.</param>
    /// <param name="finalization">The tip's certificate; null for genesis only.</param>
    /// <exception cref="ArgumentException">Timeouts that make no sense, a signer outside the set, or a tip without its own
    /// certificate.</exception>
    public Core(CoreOptions options, IVoteCrypto crypto, ChainPoint finalized, Certificate? finalization)
    {
        if (options.Timeouts.Problem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(options));
        }

        if (options.Signer >= options.Validators.Count)
        {
            throw new ArgumentException("The signer's index lies outside the validator set.", nameof(options));
        }

        if (finalization?.Body.HeaderHash != (finalized.View == View.Genesis ? null : finalized.Hash))
        {
            throw new ArgumentException("The finalised tip comes with its own certificate, genesis with none.", nameof(finalization));
        }

        this.options = options;
        this.crypto = crypto;
        Finalized = finalized;
        Finalization = finalization;
        View = finalized.View.Next;
        leaders = new LeaderSchedule(options.Validators, options.Epoch, options.LeaderSeed);
        activity = new ActivityClock(options.Validators, options.Signer, options.Timeouts);
        answers = new AnswerBudget(options.Validators.Count, options.Timeouts.RetryMs);
    }

    /// <summary>The view we are in; above the finalised one.</summary>
    public View View { get; private set; }

    /// <summary>The last finalised block. The matching <see cref="Effect.Finalize"/> may still be on its way to the host's store.</summary>
    public ChainPoint Finalized { get; private set; }

    /// <summary>The certificate of <see cref="Finalized"/>; null at genesis.</summary>
    public Certificate? Finalization { get; private set; }

    /// <summary>When <see cref="Input.Tick"/> is due, in the milliseconds of <see cref="Step"/>; null if nothing is waited for.</summary>
    public ulong? NextDeadlineMs { get; private set; }

    /// <summary>Journal records of this view and below are not needed once the host's durable tip is at or above it.</summary>
    public View JournalFloor => Finalized.View;

    /// <summary>Our seat in the set; null if we only follow.</summary>
    public ushort? Signer => options.Signer;

    public ushort LeaderOf(View view) => leaders.LeaderOf(view);

    /// <param name="input">What happened.</param>
    /// <param name="nowMs">A monotonic clock in milliseconds; going back is taken as standing still.</param>
    /// <param name="effects">What to do about it is appended here, in order.</param>
    /// <exception cref="InvariantException">The node must stop.</exception>
    public void Step(Input input, ulong nowMs, List<Effect> effects)
    {
        Invariant.Check(started != input is Input.Start, "start is the first input and is given once");
        if (EpochEnded && input is not Input.Received { Message: Message.StatusRequest or Message.BlockRequest })
        {
            return;
        }

        this.nowMs = ulong.Max(this.nowMs, nowMs);
        this.effects = effects;
        switch (input)
        {
            case Input.Start:
                OnStart();
                break;
            case Input.Tick:
                break; // The rules below read the clock.
            case Input.Received(var from, var message):
                OnReceived(from, message);
                break;
            case Input.Built(var view, var content):
                OnBuilt(view, content);
                break;
            case Input.Checked(var view, var headerHash, var result):
                OnChecked(view, headerHash, result);
                break;
            case Input.Held(_, var headerHash):
                OnHeld(headerHash);
                break;
            case Input.Work(var pending):
                workPending = pending;
                break;
            case Input.CaughtUp(var header, var certificate):
                OnCaughtUp(header, certificate);
                break;
            default:
                throw new InvariantException($"{input.GetType().Name} is handled");
        }

        ApplyRules();
    }

    /// <summary>Rules are conditions on the state, not reactions to messages: the first that can act does, until none can. An input that is
    /// lost, late or out of order therefore delays a rule but never disables it.</summary>
    void ApplyRules()
    {
        missing = null;
        while (!EpochEnded
            && (FinalizeBlocks()     // rules 8, 11
            || ObtainBlocks()        // rule 5
            || LeaveView()           // rules 6, 8
            || VoteFinalize()        // rule 6
            || StartViewClock()      // rule 1
            || Propose()             // rules 2, 11
            || TakeReproposal()      // rule 11
            || VerifyProposal()      // rule 3
            || VoteNotarize()        // rule 4
            || VoteNullify()))       // rule 7
        {
        }

        if (EpochEnded)
        {
            NextDeadlineMs = null;
            return;
        }

        RetryWhenDue();              // rule 7
        NextDeadlineMs = NextDeadline();
    }

    void OnReceived(ushort from, Message message)
    {
        if (from >= options.Validators.Count || from == options.Signer)
        {
            return;
        }

        activity.Heard(from, nowMs);
        switch (message)
        {
            case Message.Proposal proposal:
                OnProposal(proposal);
                break;
            case Message.Ballot(var vote):
                OnVote(vote);
                break;
            case Message.Proof(var certificate):
                OnCertificate(from, certificate);
                break;
            case Message.StatusRequest request:
                OnStatusRequest(from, request);
                break;
            case Message.BlockRequest request:
                OnBlockRequest(from, request);
                break;
            case Message.BlockResponse(var block):
                OnBlockResponse(block);
                break;
            default:
                throw new InvariantException($"{message.GetType().Name} is handled");
        }
    }

    ViewState Current => StateOf(View);

    ViewState StateOf(View view)
    {
        if (!states.TryGetValue(view, out var state))
        {
            state = new ViewState(view, options.Validators.Count);
            states.Add(view, state);
        }

        return state;
    }

    ViewState? Find(View view) => states.GetValueOrDefault(view);

    void Append(View view, JournalEntry entry) => effects.Add(new Effect.Append(view, entry.Encode()));

    // A node without a key follows silently: nobody could address an answer to it.
    void Broadcast(Message message)
    {
        if (options.Signer is not null)
        {
            effects.Add(new Effect.Broadcast(message));
        }
    }

    void Send(ushort to, Message message)
    {
        if (options.Signer is not null)
        {
            effects.Add(new Effect.Send(to, message));
        }
    }

    static SortedDictionary<View, ViewState> Sorted() => new(Comparer<View>.Default);
}

/// <summary>What became of a journal record.</summary>
public enum ReplayResult
{
    Applied,

    /// <summary>Of an epoch that has ended, or at or below the finalised tip: no longer needed.</summary>
    Obsolete,

    /// <summary>Of an epoch after this core's, whose blocks the host has lost since. It is kept, and replayed into that epoch's
    /// core.</summary>
    OfLaterEpoch,

    /// <summary>Not a record of this room, or the vote of another validator: the journal is not ours. The host stops.</summary>
    Foreign,
}
