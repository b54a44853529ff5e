using AppChain.Simulation.Execution;

namespace AppChain.Simulation.Tests;

/// <summary>That the ledger's runs really execute: a transaction that is skipped changes nothing, one that is applied shows in the
/// root.</summary>
public sealed class LedgerExecutionTests
{
    // Places in the book: see TransactionBook.
    const byte Registration = 0;
    const byte Payment = 1;
    const byte Proof = 4;

    readonly LedgerExecution execution = new();

    [Fact]
    public void Payment_InABlock_ChangesTheStateOnce()
    {
        var first = Block(Scenario.Genesis, 1, Payment);
        var again = Block(ChainPoint.Of(first), 1, Payment);

        Assert.NotEqual(State(Scenario.Genesis.Hash), State(first.Hash));
        Assert.Equal(State(first.Hash), State(again.Hash)); // Skipped: its number is used up.
    }

    [Fact]
    public void Proof_BeforeAndAfterTheRegistration_IsSkippedAndApplied()
    {
        var unknown = Block(Scenario.Genesis, 1_000, Proof);
        var registered = Block(Scenario.Genesis, 1_000, Registration);
        var proven = Block(ChainPoint.Of(registered), 100, Proof);

        Assert.Equal(State(Scenario.Genesis.Hash), State(unknown.Hash));
        Assert.NotEqual(State(registered.Hash), State(proven.Hash));
        Assert.NotEqual(execution.After(unknown.Hash)!.Value.Receipts, execution.After(Block(Scenario.Genesis, 1_000).Hash)!.Value.Receipts);
    }

    [Fact]
    public void Epoch_PastItsEnd_Mints()
    {
        var worked = Block(ChainPoint.Of(Block(Scenario.Genesis, 1_000, Registration)), 100, Proof);

        Assert.Equal(State(worked.Hash), State(Block(ChainPoint.Of(worked), 100).Hash));
        Assert.NotEqual(State(worked.Hash), State(Block(ChainPoint.Of(worked), 2_000).Hash));
    }

    [Fact]
    public void Roots_OfTwoExecutions_AreEqualWhateverWasAskedFirst()
    {
        var first = Block(Scenario.Genesis, 10, Payment, Registration);
        var second = Block(ChainPoint.Of(first), 10, Proof);
        var other = new LedgerExecution();
        other.Learn(second);

        Assert.Null(other.After(second.Hash));
        other.Learn(first);
        Assert.Equal(execution.After(second.Hash), other.After(second.Hash));
    }

    Digest State(Digest block) => execution.After(block)!.Value.State;

    Block Block(ChainPoint parent, ulong afterMs, params byte[] transactions)
    {
        byte[] payload = [(byte)transactions.Length, .. transactions];
        var roots = execution.After(parent.Hash)!.Value;
        var header = Court.Block(parent.View.Value + 1) with
        {
            Height = parent.Height.Next,
            ParentView = parent.View,
            ParentHash = parent.Hash,
            TimeMs = parent.TimeMs + afterMs,
            PayloadHash = Consensus.Block.HashOfPayload(payload),
            StateRoot = roots.State,
            ReceiptsRoot = roots.Receipts,
        };
        Assert.True(Consensus.Block.TryCreate(header, payload, out var block));
        execution.Learn(block);
        return block;
    }
}
