using AppChain.Ledger;

namespace AppChain.Node.Driver;

/// <summary>
/// The chain has voted for rules that this program does not know: it must not execute, propose or vote for what follows them. The message says which
/// version is needed.
/// </summary>
public sealed class UpgradeNeededException(ulong height, uint needed, uint supported) : Exception(
    $"from block {height} on the chain follows version {needed} of its rules, and this program knows versions up to {supported}. "
    + "Install a later one and start it again; everything final is on disk, and nothing there has to be changed.");

/// <summary>
/// Keeps this program from blocks whose rules it does not know, and stops the node when it has come to the first of them: after the block before is final
/// here, and others have heard of it.
/// </summary>
/// <remarks>Before it stops, the core gets no block to propose and no answer about those of others, so it votes to skip their views.</remarks>
/// <param name="supported">The latest rules that this program knows.</param>
public sealed class UpgradeGate(uint supported, TimeProvider clock)
{
    private readonly TaskCompletionSource refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile UpgradeNeededException? problem;

    /// <summary>Why a block was refused; null: none was.</summary>
    public UpgradeNeededException? Problem => problem;

    /// <summary>Whether this program knows the rules of a block of this height.</summary>
    /// <param name="parent">The state after the block's parent.</param>
    public bool Admits(ILedgerState parent, ulong height)
    {
        if (ProblemOf(parent, height, supported) is not { } found)
            return true;
        problem ??= found;
        refused.TrySetResult();
        return false;
    }

    /// <summary>A block is final: if the next one is refused, there is nothing more to wait for.</summary>
    public void OnFinal(ILedgerState state, ulong height)
    {
        if (!Admits(state, height + 1))
            reached.TrySetResult();
    }

    /// <summary>Waits for the first refusal, then for the block before it to be final, then throws.</summary>
    /// <exception cref="UpgradeNeededException">Always, if not cancelled before.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await refused.Task.WaitAsync(cancellation);
        // The block before is final soon, by the votes that are under way. If too few of them are, only the new rules can go on from here.
        await Task.WhenAny(reached.Task, Task.Delay(NodeLimits.UpgradeGrace, clock, cancellation));
        await Task.Delay(NodeLimits.UpgradeLinger, clock, cancellation); // others need our votes for that block
        throw problem!;
    }

    /// <summary>What keeps a program from a block; null: nothing.</summary>
    public static UpgradeNeededException? ProblemOf(ILedgerState parent, ulong height, uint supported) =>
        ProtocolVersion.NeededAt(parent, height) is var needed && needed > supported ? new UpgradeNeededException(height, needed, supported) : null;
}
