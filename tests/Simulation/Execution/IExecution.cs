namespace AppChain.Simulation.Execution;

/// <summary>What a block does to the state. Every machine has its own, and so have the oracle and, together, the traitors.</summary>
interface IExecution
{
    /// <summary>A block that may be executed, or built on, later.</summary>
    void Learn(Block block);

    /// <summary>The roots after this block; null if a block on the way to it is not known.</summary>
    Roots? After(Digest block);
}

/// <summary>What the header of a child must say.</summary>
readonly record struct Roots(Digest State, Digest Receipts);

/// <summary>Quick and of any block whatsoever: the state after a block is its hash, hashed.</summary>
sealed class HashExecution : IExecution
{
    public static Digest StateAfter(Digest block) => new TaggedHash("simulation/state").Of(block.ToArray());

    public static Digest ReceiptsOf(Digest block) => new TaggedHash("simulation/receipts").Of(block.ToArray());

    public void Learn(Block block)
    {
    }

    public Roots? After(Digest block) => new(StateAfter(block), ReceiptsOf(block));
}
