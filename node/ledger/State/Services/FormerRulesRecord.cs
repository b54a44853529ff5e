using System;

namespace AppChain.Ledger;

/// <summary>
/// The definition that a service had before its present one: version:1 ‖ fromMs:8 ‖ untilMs:8 ‖ <see cref="ServiceDefinition"/>. So what
/// a device committed to under it is judged
/// by it. Absent: the service never had another.
/// </summary>
/// <param name="FromMs">Time of the block from which on it held; 0: since the service was there.</param>
/// <param name="UntilMs">Time of the block from which on it does not hold any more.</param>
/// <param name="Definition">The definition.</param>
public sealed record FormerRulesRecord(ulong FromMs, ulong UntilMs, ServiceDefinition Definition) : StateRecord
{
    /// <summary>The service with the definition that held at a time; null: that is longer ago than is remembered.</summary>
    internal static ServiceRecord? ServiceAt(LedgerSession session, uint service, ulong ms)
    {
        ServiceRecord present = session.Service(service);
        if (Find(session, service) is not { } former || ms >= former.UntilMs)
            return present;
        return ms >= former.FromMs ? present with { Definition = former.Definition } : null;
    }

    /// <summary>The service's present definition is about to become the former one.</summary>
    internal static void Replace(LedgerSession session, uint service, ulong nowMs)
    {
        ulong fromMs = Find(session, service)?.UntilMs ?? 0;
        session.Put(StateKey.FormerRules(service), new FormerRulesRecord(fromMs, nowMs, session.Service(service).Definition));
    }

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt64(FromMs);
        writer.UInt64(UntilMs);
        Definition.Write(writer);
        return writer.ToArray();
    }

    public static FormerRulesRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        FormerRulesRecord record = new(reader.UInt64(), reader.UInt64(), ServiceDefinition.Read(ref reader));
        reader.End();
        return record;
    }

    private static FormerRulesRecord? Find(ILedgerState state, uint service) => state.Find(StateKey.FormerRules(service), Decode);
}
