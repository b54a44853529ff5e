// Whole networks run in these tests: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
