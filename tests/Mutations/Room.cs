namespace AppChain.Mutations;

/// <summary>Whose rules are taken away, and what must notice.</summary>
/// <param name="Name">On the command line.</param>
/// <param name="ListFile">Its mutations.</param>
/// <param name="HasSeeds">Whether the judge is asked with one seed after the other.</param>
/// <param name="Page">How the page with its table begins.</param>
/// <param name="Open">Makes a scratch copy of the repository in a folder.</param>
sealed record Room(string Name, string ListFile, bool HasSeeds, string Page, Func<string, string, Task<Workshop>> Open)
{
    /// <summary>The simulator judges.</summary>
    public static readonly Room Consensus = new("consensus", "tests/Mutations/mutations.md", HasSeeds: true, """
        # Mutations of consensus

        A simulator that finds nothing may be blind. Here each safety rule of [consensus](../consensus/README.md) is removed or weakened,
        one at a time, and the [simulator](../tests/Simulation/README.md) must find it. This page is written by

        ```
        tests/mutate --report docs/mutations.md      # all of it
        tests/mutate --only 3-skipped-view           # one, by its id
        tests/mutate --quick                         # the few that continuous integration tries
        ```

        Each mutant is compiled in a scratch copy and simulated with the default profile from seed 0 up until a seed fails, which is the one
        in the table: as many seeds and one were needed. That seed must pass without the mutation. `tests/mutate` fails if a mutant survives
        all its seeds, or if a change no longer fits the source. The changes themselves, and how to add one, are in
        [`tests/Mutations/mutations.md`](../tests/Mutations/mutations.md).

        *Caught by* names the oracle's check (the table in the simulator's page says what each means). `invariant` is the core's own: it
        stopped itself. `liveness` and `deadline` say that the healed network, or one core, came to a standstill; `storm` that it did
        not come to rest. Rules that exist for liveness can only be caught so.

        """, SimulatorWorkshop.Open);

    /// <summary>The ledger's tests judge.</summary>
    public static readonly Room Ledger = new("ledger", "tests/Mutations/ledger.md", HasSeeds: false, """
        # Mutations of the economy

        Tests that find nothing may be blind. Here what [always holds](economics.md#what-always-holds) of the money is broken in the ledger, one fault at a time, and
        a test of the ledger must fail. This page is written by

        ```
        tests/mutate --room ledger --report docs/economy-mutations.md
        tests/mutate --room ledger --only 2-usage-above-burned       # one, by its id
        ```

        Each mutant is compiled in a scratch copy and judged by `tests/Ledger.Tests`: those of the economy, of channels, of proofs, and the plain models. Without a
        mutation they pass. *Caught by* is the first that failed; some of them draw at random, so another run may name another. *Rule* is the number of what always
        holds, or the part of the ledger. The changes are in [`tests/Mutations/ledger.md`](../tests/Mutations/ledger.md).

        """, LedgerWorkshop.Open);

    public static readonly IReadOnlyList<Room> All = [Consensus, Ledger];
}
