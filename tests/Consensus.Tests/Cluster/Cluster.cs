using System.Text;

namespace AppChain.Consensus.Tests;

/// <summary>Real cores over a simulated network in virtual time, all on one thread: one seed is one run.</summary>
sealed class Cluster
{
    public static readonly ChainId ChainId = ChainId.Parse("test-chain");
    public static readonly Digest GenesisHash = new TaggedHash("test/genesis").Of([]);

    readonly PriorityQueue<Action, (ulong, long)> events = new();
    readonly StringBuilder transcript = new();
    long sequence;

    public Cluster(ClusterOptions options)
    {
        Options = options;
        Random = new Random(options.Seed);
        Validators = new ValidatorSet([.. options.Powers.Select((power, i) => new Validator(KeyedHashCrypto.PublicKey((ushort)i), power))]);
        Oracle = new Oracle(options.Powers, GenesisHash);
        Nodes = [.. options.Powers.Select((_, i) => new Node(this, (ushort)i))];
    }

    public ClusterOptions Options { get; }
    public Random Random { get; }
    public ValidatorSet Validators { get; }
    public Oracle Oracle { get; }
    public Node[] Nodes { get; }
    public ulong NowMs { get; private set; }

    /// <summary>Whether a message may pass now; changed by tests to make partitions.</summary>
    public Func<int, int, bool> Link { get; set; } = (_, _) => true;

    /// <summary>Sees each message as it is sent, may take it out by answering false.</summary>
    public Func<int, int, Message, bool> Filter { get; set; } = (_, _, _) => true;

    public bool FaultsOn { get; set; } = true;
    public int MessagesSent { get; private set; }
    public bool KeepTranscript { get; init; }
    public string Transcript => transcript.ToString();

    public void StartAll()
    {
        foreach (var node in Nodes)
        {
            node.Start();
        }
    }

    public void At(ulong delayMs, Action action) => events.Enqueue(action, (NowMs + delayMs, sequence++));

    public void Send(int from, int to, Message message)
    {
        MessagesSent++;
        if (!Filter(from, to, message) || !Link(from, to) || (FaultsOn && Random.Next(100) < Options.LossPercent))
        {
            return;
        }

        var bytes = message.Encode();
        var copies = FaultsOn && Random.Next(100) < Options.DuplicatePercent ? 2 : 1;
        for (var copy = 0; copy < copies; copy++)
        {
            At(Options.DelayMinMs + (ulong)Random.NextInt64((long)(Options.DelayMaxMs - Options.DelayMinMs + 1)), () =>
            {
                Assert.True(Message.TryDecode(bytes, out var decoded));
                if (Link(from, to))
                {
                    Nodes[to].Take(new Input.Received((ushort)from, decoded));
                }
            });
        }
    }

    /// <summary>Runs until the condition holds; fails the test if it does not within the time.</summary>
    public void RunUntil(Func<bool> condition, ulong withinMs, string what)
    {
        var end = NowMs + withinMs;
        while (!condition())
        {
            if (!Next(end))
            {
                Assert.Fail($"seed {Options.Seed}: not within {withinMs} ms: {what}; " +
                    string.Join(", ", Nodes.Select(node => node.ToString())));
            }
        }
    }

    public void RunFor(ulong ms)
    {
        var end = NowMs + ms;
        while (Next(end))
        {
        }

        NowMs = end;
    }

    public ulong MinHeight(params int[] nodes) =>
        Nodes.Where(node => nodes.Length == 0 || nodes.Contains(node.Index)).Min(node => node.Height);

    public void Log(string line)
    {
        if (KeepTranscript)
        {
            transcript.Append(System.Globalization.CultureInfo.InvariantCulture, $"{NowMs,5} ms  {line}\n");
        }
    }

    bool Next(ulong end)
    {
        if (!events.TryPeek(out var action, out var key) || key.Item1 > end)
        {
            return false;
        }

        events.Dequeue();
        NowMs = key.Item1;
        action();
        return true;
    }
}
