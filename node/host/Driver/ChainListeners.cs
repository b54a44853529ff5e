using AppChain.Consensus;

namespace AppChain.Node.Driver;

/// <summary>Who is told what by the chain's loop. All of these must only hand over, and quickly.</summary>
/// <param name="ToCore">Answers for the core.</param>
/// <param name="OnFinal">A block was committed: off the shelf, out of the pool, to subscribers.</param>
/// <param name="OnEpoch">A boundary block was committed: consensus goes on with the next epoch. After all answers for the one before.</param>
/// <param name="OnInvalid">A proposal was found invalid, and why.</param>
public sealed record ChainListeners(Action<Input> ToCore, Action<ExecutedBlock> OnFinal, Action OnEpoch, Action<Block, string> OnInvalid);
