namespace AppChain.Ledger;

/// <summary>The versions of the ledger's rules: which this program knows, and which a block follows.</summary>
/// <remarks>
/// Before a host executes a block it asks <see cref="NeededAt"/> and stops if that is above what its program knows. A later program knows the earlier
/// rules as well, so operators may start it before the height comes.
/// </remarks>
public static class ProtocolVersion
{
    /// <summary>The latest rules that this program knows.</summary>
    public const uint Supported = 1;

    /// <summary>The rules that a block of this height follows.</summary>
    /// <param name="parent">The state after the block's parent.</param>
    public static uint NeededAt(ILedgerState parent, ulong height)
    {
        ProtocolRecord protocol = ProtocolRecord.Get(parent);
        return protocol.Plan is { } plan && height >= plan.Height ? plan.Version : protocol.Current;
    }

    /// <summary>The first thing that the block of a plan's height does: the plan becomes the present.</summary>
    internal static void Turn(LedgerSession session, ulong height)
    {
        if (ProtocolRecord.Get(session).Plan is { } plan && height >= plan.Height)
            session.Put(StateKey.Protocol, new ProtocolRecord(plan.Version, null));
    }
}
