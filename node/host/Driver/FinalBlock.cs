using AppChain.Consensus;
using AppChain.Ledger;
using AppChain.Storage;

namespace AppChain.Node.Driver;

/// <summary>An executed block that is final.</summary>
/// <param name="Finalization">Its own certificate; null if it is final through a descendant.</param>
public sealed record FinalBlock(ExecutedBlock Executed, Block Block, Certificate? Finalization)
{
    /// <summary>The form in which the store takes it.</summary>
    public FinalizedBlock ToStored() => new()
    {
        Height = Executed.Height,
        HeaderHash = Block.Hash.ToHash(),
        Header = Block.Header.Encode(),
        Payload = Block.Payload,
        Finalization = Finalization?.Encode() ?? [],
        TimeMs = Block.Header.TimeMs,
        Transactions = Executed.Index.Transactions(Executed.Receipts),
        Batches = Executed.Index.Batches,
        Members = Executed.Index.Members(),
        State = Executed.State,
        ValidatorChange = ValidatorChange(),
    };

    // The state has the next epoch's set by then, and a boundary block always has a finalization of its own: nothing is built on it without one.
    private byte[] ValidatorChange() => Block.Header.EndsEpoch && Block.Header.NextValidatorsHash != Block.Header.ValidatorsHash
        ? ValidatorHistory.Encode(Block.Header, Finalization!, ConsensusEpoch.SetOf(ValidatorsRecord.Get(new LedgerState(Executed.State))))
        : [];
}
