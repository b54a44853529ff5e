using AppChain.Ledger;
using AppChain.Node.Driver;
using AppChain.Storage;

namespace AppChain.Node.Explain;

/// <summary>What the receipts of a device say, up to a height.</summary>
/// <param name="last">Nothing above this height is looked at.</param>
internal sealed class DeviceHistory(ChainReader reader, Crypto.Address device, ulong last)
{
    // Entries are listed from the newest on. To find the first one behind a height, spans that grow are listed as a whole.
    private const ulong FirstSpan = 64;

    private readonly HistoryKey key = BlockIndex.KeyOf(new Touch(StateKind.Device, device));

    /// <summary>
    /// The receipts with final verdicts on a device, or by which its work was paid for, in the blocks of a span, in order; null: there are more than a node tells.
    /// </summary>
    public List<Receipt>? Work(ulong first, ulong end)
    {
        List<Receipt> found = [];
        foreach (FinalTransaction entry in Between(first, Math.Min(end, last)))
        {
            if (entry.Receipt is not ({ Skipped: false, Verdict: { Counts: true } } or { Shadow: { Counts: true } }) && !entry.Receipt.Served.Any(served => served.Device == device))
                continue;
            if (found.Count == NodeLimits.ToldVerdictsMax)
                return null;
            found.Add(entry.Receipt);
        }
        found.Reverse();
        return found;
    }

    /// <summary>The receipt that settled one of a device's epochs, in a block from a height on; null: none has yet.</summary>
    public TransactionLocation? Settled(uint service, ulong epoch, ulong from)
    {
        for (ulong first = from, span = FirstSpan; first <= last; first += span, span *= 2)
        {
            foreach (FinalTransaction entry in Between(first, Math.Min(last, first + span - 1)).Reverse())
            {
                if (entry.Receipt.Statements.Any(statement => statement.Device == device && statement.Service == service && statement.Work.Epoch == epoch))
                    return entry.Location;
            }
        }
        return null;
    }

    // Newest first.
    private IEnumerable<FinalTransaction> Between(ulong first, ulong end)
    {
        TransactionLocation? before = new TransactionLocation(end + 1, 0);
        while (before is not null)
        {
            IReadOnlyList<FinalTransaction> page = reader.History(key, before, (int)NodeLimits.PageMax, withBytes: false);
            foreach (FinalTransaction entry in page.TakeWhile(entry => entry.Location.Height >= first))
                yield return entry;
            before = page.Count == NodeLimits.PageMax && page[^1].Location.Height >= first ? page[^1].Location : null;
        }
    }
}
