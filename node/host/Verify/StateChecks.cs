using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Driver;
using AppChain.Storage;

namespace AppChain.Node.Verify;

/// <summary>The state after the tip: its root, its supply, and the validators that it names.</summary>
internal sealed class StateChecks(StoreRecords records, VerifyReport report)
{
    /// <summary>The set of the present epoch; null if the state is damaged.</summary>
    public ValidatorSet? Validators { get; private set; }

    public void Run()
    {
        ChainTip tip = records.Meta().Tip;
        Hash256 root = records.ComputeStateRoot();
        if (root != tip.StateRoot)
        {
            report.Problem(
                "column family state", $"the records have the root {root}, but block {tip.Height} finalised {tip.StateRoot}; the supply was not added up");
            return;
        }
        // From here on every record is one that the ledger wrote.
        SupplyAudit audit = SupplyAudit.Of(records.State().Select(static entry => KeyValuePair.Create(entry.Key, entry.Value)));
        if (!audit.Conserved)
        {
            report.Problem(
                "column family state",
                $"the supply does not add up: {audit.Balances} in balances, {audit.Pools} in pools, {audit.Treasury} in the treasury, {audit.Staked} staked, {audit.Deposits} deposited; "
                + $"{audit.Genesis} allocated, {audit.Minted} minted, {audit.Burned} burned; "
                + $"{audit.Credits} credits, {audit.CreditsIssued} issued, {audit.CreditsSpent} spent");
        }
        if (records.StateOf(StateKey.Validators.Bytes) is { } validators)
            Validators = ConsensusEpoch.SetOf(ValidatorsRecord.Decode(validators));
        report.Note("state", $"root {root} at height {tip.Height}");
    }
}
