using System;
using AppChain.Ledger.Location;

namespace AppChain.Ledger;

/// <summary>How many devices work for a service in a cell of the grid: version:1 ‖ count:4. Absent: none.</summary>
public sealed record CellCountRecord(uint Count) : StateRecord
{
    public static uint Of(ILedgerState state, uint service, Cell cell) => state.Find(StateKey.CellCount(service, cell.Id), Decode)?.Count ?? 0;

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt32(Count);
        return writer.ToArray();
    }

    public static CellCountRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        CellCountRecord record = new(reader.UInt32());
        reader.End();
        return record;
    }
}

/// <summary>Keeps the counts of the cells true, from every move of a device: O(1) for each, and nothing is ever counted anew.</summary>
internal static class CoverageCells
{
    /// <summary>A device came, moved, or changed its services. At every level, so that a service may change its density rules.</summary>
    public static void OnMove(LedgerSession session, DeviceRecord? before, DeviceRecord after)
    {
        if (before is not null)
            Add(session, before, -1);
        Add(session, after, +1);
    }

    private static void Add(LedgerSession session, DeviceRecord device, int change)
    {
        foreach (Enrollment enrollment in device.Enrollments)
        {
            if (session.Service(enrollment.Service).Kind != ProofKind.WirelessCoverage)
                continue;
            foreach (int level in CoverageTerms.Levels)
                Add(session, enrollment.Service, Grid.CellOf(new GeoPoint(device.LatitudeE7, device.LongitudeE7), level), change);
        }
    }

    private static void Add(LedgerSession session, uint service, Cell cell, int change)
    {
        uint count = (uint)(CellCountRecord.Of(session, service, cell) + change);
        StateKey key = StateKey.CellCount(service, cell.Id);
        if (count == 0)
            session.Delete(key);
        else
            session.Put(key, new CellCountRecord(count));
    }
}
