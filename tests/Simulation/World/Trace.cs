using System.Globalization;
using System.Text;

namespace AppChain.Simulation;

/// <summary>A hash over everything that happens, in order: equal hashes mean equal runs.</summary>
sealed class Trace(Agenda agenda, Transcript? transcript)
{
    public ulong Hash { get; private set; }

    /// <summary>A person reads along: only then are lines made.</summary>
    public Transcript? Lines => transcript;

    public void Add(int place, ulong what) => Hash = Mix.Fold(Mix.Fold(Hash, (ulong)agenda.NowUs), Mix.Fold((ulong)place, what));

    public void Add(int place, Message message) => Add(place, message switch
    {
        Message.Proposal(var block, _) => Mix.Fold(1, Mix.Short(block.Hash)),
        Message.Ballot(var vote) => Mix.Fold(2, Body(vote.Body) + vote.Signer),
        Message.Proof(var certificate) => Mix.Fold(3, Body(certificate.Body) + (ulong)certificate.Signatures.Count),
        Message.StatusRequest(_, var finalized, var from, var view) => Mix.Fold(Mix.Fold(4, finalized.Value), Mix.Fold(from.Value, view.Value)),
        Message.BlockRequest(_, var view, var hash) => Mix.Fold(5, view.Value + Mix.Short(hash)),
        Message.BlockResponse(var block) => Mix.Fold(6, Mix.Short(block.Hash)),
        _ => throw new InvalidOperationException($"{message.GetType().Name} is traced"),
    });

    static ulong Body(VoteBody body) => Mix.Fold(Mix.Fold((ulong)body.Kind, body.View.Value), Mix.Short(body.HeaderHash));
}

/// <summary>A run as a person reads it, one event per line. Long runs keep their end, where the failure is.</summary>
sealed class Transcript(Agenda agenda)
{
    /// <summary>Lines kept.</summary>
    public const int LinesMax = 200_000;

    readonly Queue<string> lines = new();
    long dropped;

    public void Say(string line)
    {
        var at = agenda.NowUs;
        lines.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{at / 1000,7}.{at % 1000:000} ms  {line}"));
        if (lines.Count > LinesMax)
        {
            lines.Dequeue();
            dropped++;
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        if (dropped > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"({dropped} earlier lines dropped)\n");
        }

        foreach (var line in lines)
        {
            text.Append(line).Append('\n');
        }

        return text.ToString();
    }
}
