using System.Globalization;
using System.Text;

namespace AppChain.Consensus.Tests;

/// <summary>
/// A scenario played to one core, we, index 0 of four unless said otherwise, and written down as a person would tell it: what happens at
/// the margin, what we do about it indented below.
/// </summary>
sealed class Story
{
    const string Indent = "            ";

    readonly StringBuilder text = new();
    readonly Dictionary<Digest, string> names = [];

    public Story(string title, ulong[]? powers = null, bool working = true)
    {
        text.Append(title).Append("\n\n");
        Rig = new Rig(powers);
        Begin("we start", working);
    }

    public Rig Rig { get; private set; }

    public View View => Rig.Core.View;

    /// <summary>All that was sent since the start of the story.</summary>
    public List<Message> Sent { get; } = [];

    public IEnumerable<Vote> Votes => Sent.Select(message => message switch
    {
        Message.Ballot(var vote) => vote,
        Message.Proposal proposal => proposal.LeaderVote,
        _ => null,
    }).OfType<Vote>();

    /// <summary>A block with a name, by the leader of its view.</summary>
    public Block Block(string name, View view, ChainPoint? parent = null, byte mark = 0)
    {
        var block = Rig.Block(view, parent, mark);
        names[block.Hash] = name;
        return block;
    }

    public void Receive(Message message, ushort from = 1, string? remark = null)
    {
        Happens($"{from} → us: {Say(message)}{(remark is null ? "" : $" ({remark})")}");
        Rig.Receive(message, from);
        Follows();
    }

    public void Propose(Block block) => Receive(Rig.Proposal(block), block.Header.Leader);

    /// <summary>Many inputs of a kind, of which nothing may follow.</summary>
    public void ReceiveInVain(string what, IEnumerable<Message> messages)
    {
        Happens(what);
        foreach (var message in messages)
        {
            Assert.Empty(Rig.Receive(message));
        }

        Follows();
    }

    public void Checked(Block block, CheckResult result) =>
        Tell(
            $"our host: {Name(block)} is {(result == CheckResult.Valid ? "valid" : "invalid")}",
            new Input.Checked(block.View, block.Hash, result));

    public void Held(Block block) => Tell($"our host: {Name(block)} is held", new Input.Held(block.View, block.Hash));

    /// <summary>Our host answers with a payload of this mark; the block gets the name.</summary>
    public void Built(string name, byte mark)
    {
        Happens($"our host: a block, {name}");
        Rig.Do(new Input.Built(View, new BlockContent(Rig.Genesis.TimeMs + 10, new[] { mark }, Digest.Zero, Digest.Zero)));
        foreach (var proposal in Rig.Sent.OfType<Message.Proposal>())
        {
            names[proposal.Block.Hash] = name;
        }

        Follows();
    }

    public void Pass(ulong ms)
    {
        var due = Rig.NowMs + ms;
        Rig.TickAfter(ms);
        Happens($"{ms} ms have passed", due);
        Follows();
    }

    /// <summary>Others nullify all views before this one; of that the reader needs no transcript.</summary>
    public void SkipTo(View view)
    {
        if (View < view)
        {
            Happens(View == view.Previous ? $"view {View} is nullified" : $"views {View} to {view.Previous} are nullified");
            Rig.SkipTo(view);
            Sent.AddRange(Rig.Sent);
            Follows(only: effect => effect is Effect.Build);
        }
    }

    /// <summary>We stop, lose the memory and keep the journal.</summary>
    public void Restart(string how, ChainPoint? tip = null, Certificate? finalization = null, Epoch epoch = default)
    {
        Rig = new Rig(restartOf: Rig, tip: tip, finalization: finalization, epoch: epoch);
        var applied = Rig.Replayed.Count(result => result == ReplayResult.Applied);
        Begin($"{how}; of {Rig.Replayed.Count} journal records {applied} count", working: true);
    }

    public void IsAsIn(string file) => GoldenFile.AssertSame(Path.Combine("pitfalls", file), text.ToString());

    void Begin(string how, bool working)
    {
        Happens(how);
        Rig.Started(working);
        Follows();
    }

    void Tell(string what, Input input)
    {
        Happens(what);
        Rig.Do(input);
        Follows();
    }

    void Happens(string what, ulong? atMs = null) =>
        text.Append(CultureInfo.InvariantCulture, $"{atMs ?? Rig.NowMs,6} ms  {what}\n");

    void Follows(Func<Effect, bool>? only = null)
    {
        Sent.AddRange(only is null ? Rig.Sent : []);
        foreach (var effect in Rig.Effects.Where(only ?? (_ => true)))
        {
            text.Append(Indent).Append(Say(effect)).Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $"{Indent}[view {View}, finalised {Rig.Core.Finalized.View}]\n");
    }

    string Say(Effect effect) => effect switch
    {
        Effect.Append(var view, var record) => $"journal: {RecordName(record.Span[0])} of view {view}",
        Effect.Send(var to, var message) => $"we → {to}: {Say(message)}",
        Effect.Broadcast(var message) => $"we → all: {Say(message)}",
        Effect.Build(var view, var parent) => $"to our host: build a block of view {view} on view {parent.View}",
        Effect.Check(var block) => $"to our host: check {Name(block)}",
        Effect.Obtain(var block, _) => $"to our host: obtain {Name(block)}",
        Effect.Finalize(var blocks, _) => $"to our host: finalise {string.Join(", ", blocks.Select(Name))}",
        Effect.Behind(var finalization, _) => $"to our host: sync up to view {finalization.View}",
        Effect.Report(var evidence) => $"report: {evidence.Offender} in view {evidence.View}",
        _ => throw new ArgumentException($"no words for {effect}"),
    };

    string Say(Message message) => message switch
    {
        Message.Proposal(var block, _) => $"{Readable.Of(message)}: {Name(block)}",
        Message.Ballot(var vote) when names.TryGetValue(vote.Body.HeaderHash, out var name) => $"{Readable.Of(message)}: {name}",
        Message.BlockResponse(var block) => Name(block),
        _ => Readable.Of(message),
    };

    string Name(Block block) => names.TryGetValue(block.Hash, out var name) ? name : $"the block of view {block.View}";

    static string RecordName(byte kind) => kind switch
    {
        1 => "own vote",
        2 => "own proposal",
        3 => "certificate",
        4 => "certified block",
        5 => "evidence",
        _ => throw new ArgumentException($"no record of kind {kind}"),
    };
}
