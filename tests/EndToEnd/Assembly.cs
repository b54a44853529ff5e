// Whole devnets want the machine for themselves: one test after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
