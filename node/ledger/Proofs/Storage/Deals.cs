using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What the passing of time does with deals.</summary>
/// <remarks>
/// <list type="number">
/// <item>A deal waits in <see cref="QueueKind.DealStarts"/> for the next block, whose beacon nobody knew when the file was committed to: it opens the first window.</item>
/// <item>An open window waits in <see cref="QueueKind.DealWindows"/>. When it closes, what was shown is paid, the rest of its price goes back, and the next one opens.</item>
/// <item>The price of every window that is not over is locked in the deal. Nothing else is owed: a deal ends with its last window, by itself.</item>
/// </list>
/// </remarks>
internal static class Deals
{
    /// <summary>A deal was made: its first window opens with the next block.</summary>
    public static void Enqueue(LedgerSession session, ulong nowMs, Hash256 deal) => DueWork.Enqueue(session, QueueKind.DealStarts, nowMs, deal.ToArray());

    /// <summary>Opens the first window. The deal may have been cancelled in its own block.</summary>
    public static void Begin(LedgerSession session, BlockContext context, ReadOnlySpan<byte> about)
    {
        Hash256 id = new(about);
        if (DealRecord.Find(session, id) is { } deal)
            OpenWindow(session, context, id, deal);
    }

    /// <summary>A window is over.</summary>
    public static Due CloseWindow(LedgerSession session, BlockContext context, ReadOnlySpan<byte> about)
    {
        Hash256 id = new(about);
        if (DealRecord.Find(session, id) is not { } deal)
            return Due.Done; // its device's owner has cancelled it
        DealRecord closed = Settle(session, deal);
        if (closed.WindowsLeft == 0)
        {
            End(session, id, closed);
            return Due.Done;
        }
        OpenWindow(session, context, id, closed);
        return Due.WaitsOnceMore;
    }

    /// <summary>The client wants no more: the present window runs to its end, and the price of those after it goes back.</summary>
    public static void CancelByClient(LedgerSession session, Hash256 id, DealRecord deal)
    {
        DealRecord last = deal with { WindowsLeft = deal.Window == 0 ? 0u : 1 };
        AccountRecord.AddCredits(session, deal.Client, deal.Locked - last.Locked);
        if (last.WindowsLeft == 0)
            End(session, id, last);
        else
            session.Put(StateKey.Deal(id), last);
    }

    /// <summary>
    /// The device's owner wants no more: what was shown is paid, all else goes back, and as much of the bond burns as for a missed window. Without that who
    /// has lost a file would cancel before it shows.
    /// </summary>
    public static void CancelByOwner(LedgerSession session, Hash256 id, DealRecord deal)
    {
        PledgedWork.Burn(session, deal.Service, deal.Device, deal.Bond.Share(deal.BurnPpm, Parameters.Million));
        Credits earned = deal.Earned;
        PledgedWork.Pay(session, deal.Service, deal.Device, deal.Client, earned);
        AccountRecord.AddCredits(session, deal.Client, deal.Locked - earned);
        End(session, id, deal);
    }

    private static void OpenWindow(LedgerSession session, BlockContext context, Hash256 id, DealRecord deal)
    {
        ulong closesMs = context.TimeMs + session.Parameters[Parameter.StorageWindowMs];
        session.Put(StateKey.Deal(id), deal with
        {
            Window = deal.Window + 1,
            OpenedMs = context.TimeMs,
            ClosesMs = closesMs,
            Entropy = context.Beacon,
            Shown = 0,
        });
        DueWork.Enqueue(session, QueueKind.DealWindows, closesMs, id.ToArray());
    }

    // Pays the present window and gives the rest of its price back; who shows nothing loses of its bond.
    private static DealRecord Settle(LedgerSession session, DealRecord deal)
    {
        Credits earned = deal.Earned;
        PledgedWork.Pay(session, deal.Service, deal.Device, deal.Client, earned);
        if (deal.Price > earned)
            AccountRecord.AddCredits(session, deal.Client, deal.Price - earned);
        uint missed = deal.Shown == 0 ? deal.Missed + 1 : 0;
        PledgedWork.Burn(session, deal.Service, deal.Device, StorageScoring.BurnOf(
            deal.Bond, deal.Bond, missed, new StorageScoreRules { GraceWindows = deal.GraceWindows, BurnPerWindow = deal.BurnPpm }));
        return deal with { WindowsLeft = deal.WindowsLeft - 1, Missed = missed };
    }

    private static void End(LedgerSession session, Hash256 id, DealRecord deal)
    {
        session.Delete(StateKey.Deal(id));
        OpenWorkRecord.Remove(session, deal.Device, deal.Service);
    }
}
