using static AppChain.Storage.Tests.TestStore;

namespace AppChain.Storage.Tests;

/// <summary>Random lives of a store, compared with dictionaries.</summary>
public sealed class StoreModelTests : IDisposable
{
    private static readonly StoreOptions Small = Options with { KeptBlocksMin = 5 };

    private readonly TestStore files = new();

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Store_RandomCommitsPrunesAndReopens_AnswersAsTheModel(int seed)
    {
        Random random = new(seed);
        StoreModel model = new(random);
        ChainStore store = files.Open(Small);
        try
        {
            for (int step = 0; step < 60; step++)
            {
                switch (random.Next(8))
                {
                    case 0:
                        store.Dispose();
                        store = files.Open(Small);
                        break;
                    case 1:
                        StoreModel.Abandon(store);
                        break;
                    case 2:
                        model.PutBatch(store, 3);
                        break;
                    case 3:
                        // Single steps: most leave a class raised and not swept yet.
                        for (int i = random.Next(1, 6); i > 0; i--)
                            store.Prune(BudgetOf(store, random), Unguarded);
                        break;
                    default:
                        model.Commit(store);
                        break;
                }
                if (step % 6 == 0)
                    model.Check(store);
            }
            model.Check(store);
            model.CheckIndexIsExact(store);
        }
        finally
        {
            store.Dispose();
        }
    }

    // Somewhere below what is there now, so that there is something to do.
    private static RetentionBudget BudgetOf(ChainStore store, Random random) => new()
    {
        Batches = store.Kept.Batches.Bytes * random.Next(40, 110) / 100,
        Receipts = store.Kept.Receipts.Bytes * random.Next(40, 110) / 100,
        Headers = store.Kept.Headers.Bytes * random.Next(40, 110) / 100,
    };
}
