using System;
using System.Collections.Generic;

namespace AppChain.Consensus;

/// <summary>
/// What the host must do, in this order. Before the first <see cref="Send"/> or <see cref="Broadcast"/> of a turn is performed, every
/// <see cref="Append"/> of the turn must have been appended and synced: one sync serves them all (durability contract, README.md).
/// </summary>
public abstract record Effect
{
    Effect()
    {
    }

    /// <summary>Append to the journal. Needed until the host's durable tip has reached <paramref name="View"/>:
    /// see <see cref="Core.JournalFloor"/>.</summary>
    public sealed record Append(View View, ReadOnlyMemory<byte> Record) : Effect;

    /// <summary>Send to one validator, never ourselves. May be lost.</summary>
    public sealed record Send(ushort To, Message Message) : Effect;

    /// <summary>Send to all other validators. May be lost.</summary>
    public sealed record Broadcast(Message Message) : Effect;

    /// <summary>Make a block on this parent; answered by <see cref="Input.Built"/>.</summary>
    public sealed record Build(View View, ChainPoint Parent) : Effect;

    /// <summary>Verify a proposal whose place in the chain is right; answered by <see cref="Input.Checked"/>. The host fetches what batches
    /// it lacks. Work on a view that was left may be given up.</summary>
    public sealed record Check(Block Block) : Effect;

    /// <summary>
    /// Make the block and all batches it names durable, fetching what is missing; answered by <see cref="Input.Held"/>. Repeated at each
    /// retry until answered (idempotent). Goes on even if the view was nullified, until a view at or above it is finalised.
    /// </summary>
    /// <param name="Holders">Validators that are likely to hold it: those who voted for it.</param>
    public sealed record Obtain(Block Block, IReadOnlyList<ushort> Holders) : Effect;

    /// <summary>
    /// These blocks are final, ascending by height and without a gap above the last; the certificate is the last one's. Commit them in one
    /// atomic step. After a restart or a sync the host may have some of them already: it skips those at or below its tip.
    /// </summary>
    public sealed record Finalize(IReadOnlyList<Block> Blocks, Certificate Finalization) : Effect;

    /// <summary>
    /// A finalization was verified whose ancestry we lack: sync blocks by height from peers, then answer with <see cref="Input.CaughtUp"/>.
    /// Repeated at each retry. The core may overtake the sync: see <see cref="Finalize"/>.
    /// </summary>
    /// <param name="From">Who sent us the certificate, if anybody did.</param>
    public sealed record Behind(Certificate Finalization, ushort? From) : Effect;

    /// <summary>A validator broke the rules, provably. May be repeated after a restart.</summary>
    public sealed record Report(Evidence Evidence) : Effect;
}
