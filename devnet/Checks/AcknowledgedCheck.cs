using AppChain.Crypto;
using AppChain.Devnet.Statistics;
using AppChain.Ledger;
using AppChain.Protos.V1;

namespace AppChain.Devnet.Checks;

/// <summary>
/// Looks for every proof that a node called final: it must be in the block that was named, with the verdict that was told.
/// </summary>
internal sealed class AcknowledgedCheck(ChainId chain, IReadOnlyDictionary<Hash256, Acknowledged> acknowledged)
{
    private readonly HashSet<Hash256> missing = [.. acknowledged.Keys];
    private string? firstDifference;
    private int differences;

    public void OnBlock(Block block)
    {
        foreach (TransactionRecord record in block.Transactions)
        {
            // The id is taken from the bytes in the chain, not from what the node says it is.
            Hash256 id = Ledger.Transaction.IdOf(chain, record.Transaction.Body.Span);
            if (!missing.Remove(id))
                continue;
            Acknowledged told = acknowledged[id];
            uint reason = record.Receipt.Reason != 0 ? record.Receipt.Reason : record.Receipt.Verdict?.Reason ?? 0;
            Acknowledged found = new(block.Header.Height, reason, record.Receipt.Verdict?.Units ?? 0);
            if (found == told)
                continue;
            differences++;
            firstDifference ??= $"{id} was acknowledged as {told} and the chain has {found}";
        }
    }

    /// <summary>Sentences on what does not hold.</summary>
    public IEnumerable<string> Failures()
    {
        if (missing.Count > 0)
        {
            yield return $"{missing.Count} of {acknowledged.Count} proofs acknowledged as final are not in the chain, "
                + $"such as {missing.First()}.";
        }
        if (differences > 0)
            yield return $"{differences} proofs became something else than was acknowledged: {firstDifference}.";
    }
}
