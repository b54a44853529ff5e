using System;

namespace AppChain.Ledger;

/// <summary>What a service's devices did, and what was spent on it, in the open reward epoch: version:1 ‖ units:8 ‖ burned:8. Absent: nothing.</summary>
/// <param name="Units">Units that its devices earned.</param>
/// <param name="Burned">
/// Credits that its users spent on it: redeemed vouchers, and the fees of users' messages. What sponsors and devices pay for proofs is not in it.
/// </param>
public sealed record ServiceWork(ulong Units, Credits Burned = default) : StateRecord
{
    private static readonly ServiceWork Nothing = new(0);

    /// <summary>The open epoch's work; of a service that had none so far nothing.</summary>
    public static ServiceWork Get(ILedgerState state, uint service) =>
        state.Find(StateKey.ServiceWork(service), Decode) ?? Nothing;

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt64(Units);
        writer.Credits(Burned);
        return writer.ToArray();
    }

    public static ServiceWork Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        ServiceWork record = new(reader.UInt64(), reader.Credits());
        reader.End();
        return record;
    }

    internal static void Add(LedgerSession session, uint service, ulong units)
    {
        ServiceWork work = Get(session, service);
        session.Put(StateKey.ServiceWork(service), work with { Units = work.Units + units });
    }

    internal static void AddBurned(LedgerSession session, uint service, Credits burned)
    {
        ServiceWork work = Get(session, service);
        session.Put(StateKey.ServiceWork(service), work with { Burned = work.Burned + burned });
    }

    /// <summary>The next epoch starts with none.</summary>
    internal static void Reset(LedgerSession session, uint service) => session.Delete(StateKey.ServiceWork(service));
}
