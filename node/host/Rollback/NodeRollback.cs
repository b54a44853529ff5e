using AppChain.Client;
using AppChain.Crypto;
using AppChain.Node.Cli;
using AppChain.Node.Replay;
using AppChain.Node.Signer;
using AppChain.Node.Snapshots;
using AppChain.Storage;

namespace AppChain.Node.Rollback;

/// <summary>
/// Takes a stopped node back to a height. The state is computed beside the data, in <c>data.rollback</c>; then one atomic write changes the
/// data. Cut short before that write, nothing has changed; run again, it begins anew.
/// </summary>
internal static class NodeRollback
{
    /// <summary>Takes it back, or, unless that is confirmed, says what it would do.</summary>
    /// <param name="note">Told what is done, line by line.</param>
    /// <exception cref="CommandException">It is not possible, or not confirmed.</exception>
    /// <exception cref="SignerRecordException">What the key has signed is known from the data alone, or a node runs.</exception>
    public static void Run(NodeHome home, ulong height, bool confirmed, Action<string, string> note)
    {
        GenesisFile genesis = GenesisFile.Load(home.GenesisFile);
        // Held to the end, so that no validator starts on the data between two steps.
        using SignerRecord? signed = OpenSigned(home, genesis);
        string scratch = home.DataDirectory + ".rollback";
        try
        {
            using ChainStore target = Replay(home, genesis, scratch, height, confirmed, note);
            if (!StoreRollback.TryApply(home.DataDirectory, target, out RollbackSummary summary))
            {
                throw new CommandException(
                    $"more than {StoreRollback.WriteBytesMax >> 20} MiB would change, too much for one write; nothing was changed. Move the data directory away, leave the signer record where it is, and import a snapshot.");
            }
            note("rolled back", $"to height {height}: {summary.Blocks} blocks and {summary.Transactions} transactions are gone, {summary.StateKeys} records of the state are as they were");
            ChainReader reader = new(target, genesis.Genesis);
            note("its last block", $"of view {reader.TipPoint.View} in consensus epoch {reader.HeaderEpoch}");
            note("next", $"appchain run --home {home.Path}");
        }
        finally
        {
            StateReplay.Delete(scratch);
        }
    }

    private static ChainStore Replay(NodeHome home, GenesisFile genesis, string scratch, ulong height, bool confirmed, Action<string, string> note)
    {
        using StoreRecords records = StoreRecords.Open(home.DataDirectory);
        RollbackPlan plan = RollbackPlan.Make(records, genesis.Genesis, ReplayBase.All(records, genesis.Genesis, new SnapshotShelf(home), note), height);
        if (!confirmed)
        {
            throw new CommandException(
                $"nothing was changed: {plan.Tip - height} blocks above height {height} would go; the state after it would come from {plan.Base.Name} and the {height - plan.Base.Height} blocks above. "
                + $"The lowest possible height is {plan.Lowest}. Other validators must have the chain: never take back a third of them or more at a time. If you are sure, add --yes.");
        }
        return new StateReplay(records, genesis.Genesis, scratch).Run(plan.Base, height, note);
    }

    /// <summary>The signer record of a validator. It is read, and not changed: the journal goes with the blocks, so the record must know every vote.</summary>
    private static SignerRecord? OpenSigned(NodeHome home, GenesisFile genesis)
    {
        if (!File.Exists(home.ValidatorKeyFile))
            return null;
        using PrivateKey key = KeyFile.Load(home.ValidatorKeyFile);
        string path = home.SignerRecordFile(NodeConfig.Load(home, new Dictionary<string, string?>()));
        if (!File.Exists(path))
            throw new SignerRecordException($"The signer record {path} is missing: what this key has signed is only in the data, and a rollback removes it. {SignerAdvice.Reset}");
        SignerRecord record = SignerRecord.Open(path, new SignerIdentity(genesis.Genesis.Hash, new Hash256(key.PublicKey.Span)));
        if (!record.WasTorn)
            return record;
        record.Dispose();
        throw new SignerRecordException($"One half of the signer record {path} is not whole: start the node and stop it once, which mends it from the data, and roll back then.");
    }
}
