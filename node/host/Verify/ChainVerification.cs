using AppChain.Consensus;
using AppChain.Ledger;
using AppChain.Storage;

namespace AppChain.Node.Verify;

/// <summary>Checks a stopped node's data directory from end to end, without changing it, against the genesis file alone.</summary>
internal static class ChainVerification
{
    /// <summary>Reads all there is and reports what is wrong.</summary>
    /// <exception cref="StorageException">The directory cannot be opened at all, or a node runs on it.</exception>
    public static void Run(StoreRecords records, Genesis genesis, VerifyReport report)
    {
        StoreMeta meta = records.Meta();
        if ((meta.ChainId, meta.GenesisHash) != (genesis.ChainId.Text, genesis.Hash))
        {
            report.Problem(
                "column family meta, key genesis",
                $"the directory holds chain {meta.ChainId} with genesis {meta.GenesisHash}, not {genesis.ChainId.Text} with {genesis.Hash}: give the right genesis file");
            return;
        }
        StateChecks state = new(records, report);
        report.Run(state.Run);
        int? kept = null;
        report.Run(() => kept = new BlockChecks(records, genesis, state.Validators, report).Run());
        // Devices are looked up in the state: where that is damaged, an entry could not be judged.
        if (state.Validators is not null)
            report.Run(() => new IndexChecks(records, report).Run(kept));
        report.Run(() => report.Note("journal", $"{records.Journal().LongCount()} records"));
    }
}
