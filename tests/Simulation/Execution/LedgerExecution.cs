using AppChain.Ledger;

namespace AppChain.Simulation.Execution;

/// <summary>
/// The real ledger, with real transactions: a payload's bytes are places in the book of transactions. The state root is a hash over all
/// entries in order; the tree that the node keeps them in is storage's matter and tested there.
/// </summary>
sealed class LedgerExecution : IExecution
{
    static readonly TaggedHash StateTag = new("simulation/ledger");

    readonly Dictionary<Digest, Block> blocks = [];
    readonly Dictionary<Digest, (LedgerEntries State, Roots Roots)> executed = [];

    public LedgerExecution()
    {
        var genesis = LedgerEntries.Of(TransactionBook.Genesis.InitialState());
        executed[Scenario.Genesis.Hash] = (genesis, new Roots(genesis.Root(StateTag), Digest.Zero));
    }

    public void Learn(Block block) => blocks.TryAdd(block.Hash, block);

    public Roots? After(Digest block)
    {
        // Down to what is executed, and up again.
        var way = new Stack<Block>();
        for (var hash = block; !executed.ContainsKey(hash); hash = way.Peek().Header.ParentHash)
        {
            if (!blocks.TryGetValue(hash, out var unknown))
            {
                return null;
            }

            way.Push(unknown);
        }

        foreach (var next in way)
        {
            executed[next.Hash] = Execute(executed[next.Header.ParentHash].State, next);
        }

        return executed[block].Roots;
    }

    static (LedgerEntries State, Roots Roots) Execute(LedgerEntries parent, Block block)
    {
        var context = new BlockContext(TransactionBook.Genesis.ChainId, block.Header.Height.Value, block.Header.TimeMs)
        {
            Beacon = new(block.Header.Beacon.ToArray()),
        };
        var mint = Executor.MintDue(parent, block.Header.TimeMs)?.EncodeBody();
        var result = Executor.Execute(parent, context, mint, TransactionBook.Named(block.Payload.Span));
        var state = parent.With(result.Changes);
        return (state, new Roots(state.Root(StateTag), new Digest(result.ReceiptsRoot.ToArray())));
    }
}
