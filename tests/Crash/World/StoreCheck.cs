using AppChain.Crypto;
using AppChain.Node.Driver;
using AppChain.Node.Verify;
using AppChain.Storage;

namespace AppChain.Crash.World;

/// <summary>What is not as it must be in a store that was opened after a crash; it says so in a sentence.</summary>
internal sealed class StoreCheck(ChainStore store, ChainMaker maker)
{
    public string? Problem(Attempts attempts, Promise promise)
        => ProblemOfChain(attempts, promise) ?? ProblemOfJournal(attempts, promise) ?? ProblemOfBatches(promise)
            ?? ProblemOfVerification(store.Records, maker) ?? ProblemOfGoingOn();

    /// <summary>What <c>appchain verify</c> finds first.</summary>
    public static string? ProblemOfVerification(StoreRecords records, ChainMaker maker)
    {
        string? first = null;
        VerifyReport report = new((label, text) => first ??= label == "problem" ? text : null);
        ChainVerification.Run(records, maker.Genesis, report);
        return first;
    }

    private string? ProblemOfChain(Attempts attempts, Promise promise)
    {
        if (store.Tip.Height < promise.Tip)
            return $"block {promise.Tip} was acknowledged, but the tip is block {store.Tip.Height}";
        return attempts.Has(store.Tip) ? null : $"the tip, block {store.Tip.Height} with the state root {store.Tip.StateRoot}, was never committed";
    }

    private string? ProblemOfJournal(Attempts attempts, Promise promise)
    {
        ulong last = store.Journal.LastSequence;
        if (last < promise.Journal)
            return $"record {promise.Journal} of the journal was acknowledged, but the last is {last}";
        if (last > attempts.LastRecord)
            return $"record {last} of the journal was never appended";
        JournalRecord wrong = store.Journal.ReadAll().FirstOrDefault(static record => !record.Bytes.Span.SequenceEqual(Attempts.Record(record.Sequence)));
        return wrong.Sequence > 0 ? $"record {wrong.Sequence} of the journal is another one" : null;
    }

    private string? ProblemOfBatches(Promise promise)
    {
        foreach (string name in promise.Synced.Concat(promise.Written))
        {
            if (!Hash256.TryParse(name, out Hash256 id) || !store.TryGetBatch(id, out ReadOnlyMemory<byte> batch) || Hashing.Sha256(batch.Span) != id)
                return $"batch {name} was stored, and is missing or another one";
        }
        return null;
    }

    private string? ProblemOfGoingOn()
    {
        MadeBlock next = maker.Next(maker.Tip(store), new Random(1), isCertified: true);
        next.PutBatches(store);
        store.Commit(next.Final.ToStored());
        ulong last = store.Journal.LastSequence;
        return store.Journal.Append([Attempts.Record(last + 1)]) == last + 1 && store.Tip.HeaderHash == next.Final.Block.Hash.ToHash()
            ? null
            : "the next block or vote is not what was written";
    }
}
