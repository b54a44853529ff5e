using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace AppChain.Ledger;

/// <summary>
/// What a session keeps apart while a candidate judges. The records that the kind keeps for its groups (<see cref="IProofRules.OwnRecords"/>) have a place of their own in the
/// state; what it puts off waits in a queue of its own; whatever else it would change is forgotten when it is done. So a candidate changes nothing that is paid, whatever its
/// rules do.
/// </summary>
internal sealed class ShadowLane(ServiceRecord service, ShadowRecord shadow, ImmutableArray<StateKind> own)
{
    private readonly List<Put> later = [];
    private readonly List<Verdicted> concluded = [];

    /// <summary>The service with the candidate in the place of its definition.</summary>
    public ServiceRecord Service { get; } = service with { Definition = shadow.Candidate! };

    /// <summary>Which candidate.</summary>
    public uint Number { get; } = shadow.Number;

    /// <summary>What the candidate's rules have written that is not theirs to keep; null: deleted.</summary>
    public Dictionary<StateKey, StateRecord?> Forgotten { get; } = [];

    /// <summary>Work that the rules have put off, in order.</summary>
    public IReadOnlyList<Put> Later => later;

    /// <summary>Final verdicts on proofs that waited, in order.</summary>
    public IReadOnlyList<Verdicted> Concluded => concluded;

    /// <summary>True for a record that the candidate keeps in a place of its own.</summary>
    public bool Keeps(in StateKey key) => own.Contains((StateKind)key.Bytes[0]);

    public void PutOff(QueueKind queue, ulong dueMs, ReadOnlyMemory<byte> about) => later.Add(new Put(queue, dueMs, about));

    public void Conclude(in Verdicted verdict) => concluded.Add(verdict);

    /// <summary>An item for the queue of due work, named by the queue that it would be in.</summary>
    internal readonly record struct Put(QueueKind Queue, ulong DueMs, ReadOnlyMemory<byte> About);

    /// <summary>What the candidate finally says of a proof.</summary>
    /// <param name="Remember">What the kind remembers of the device from now on, of what it did; null: the same.</param>
    internal readonly record struct Verdicted(WaitingProof Proof, Reason Reason, ulong Units, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>? Remember);
}
