using System;

namespace AppChain.Ledger;

/// <summary>What a service's devices did, and what was spent on it, in the open reward epoch: version:1 ‖ units:8 ‖ burned:8 ‖ cost:8 ‖
/// served:8 ‖ usage:8. Absent: nothing.</summary>
/// <param name="Units">Units that its devices earned.</param>
/// <param name="Burned">
/// Credits that its users spent on it: redeemed vouchers, and the fees of users' messages. What sponsors and devices pay for proofs is not in it.
/// </param>
public sealed record ServiceWork(ulong Units, Credits Burned = default) : StateRecord
{
    private static readonly ServiceWork Nothing = new(0);

    /// <summary>The tokens that were burned for those credits.</summary>
    public Amount Cost { get; init; }

    /// <summary>Those of the credits that were spent on the work of devices that serve it.</summary>
    public Credits Served { get; init; }

    /// <summary>What of the cost of these counts as the devices' usage: what an owner pays himself counts less.</summary>
    public Amount Usage { get; init; }

    /// <summary>The open epoch's work; of a service that had none so far nothing.</summary>
    public static ServiceWork Get(ILedgerState state, uint service) =>
        state.Find(StateKey.ServiceWork(service), Decode) ?? Nothing;

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt64(Units);
        writer.Credits(Burned);
        writer.Amount(Cost);
        writer.Credits(Served);
        writer.Amount(Usage);
        return writer.ToArray();
    }

    public static ServiceWork Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        // An initialiser runs in the order in which it is written: the order of the layout.
        ServiceWork record = new(reader.UInt64(), reader.Credits()) { Cost = reader.Amount(), Served = reader.Credits(), Usage = reader.Amount() };
        reader.End();
        return record;
    }

    internal static void Add(LedgerSession session, uint service, ulong units)
    {
        ServiceWork work = Get(session, service);
        session.Put(StateKey.ServiceWork(service), work with { Units = work.Units + units });
    }

    internal static void AddBurned(LedgerSession session, uint service, Credits burned, Amount cost)
    {
        ServiceWork work = Get(session, service);
        session.Put(StateKey.ServiceWork(service), work with { Burned = work.Burned + burned, Cost = work.Cost + cost });
    }

    internal static void AddServed(LedgerSession session, uint service, Credits served, Amount usage)
    {
        ServiceWork work = Get(session, service);
        session.Put(StateKey.ServiceWork(service), work with { Served = work.Served + served, Usage = work.Usage + usage });
    }

    /// <summary>The next epoch starts with none.</summary>
    internal static void Reset(LedgerSession session, uint service) => session.Delete(StateKey.ServiceWork(service));
}
