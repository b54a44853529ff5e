using System.Buffers.Binary;
using System.Collections.Immutable;
using AppChain.Ledger;
using AppChain.Ledger.Location;
using AppChain.Storage;

namespace AppChain.Node.Driver;

/// <summary>By what the transactions of an executed block can be found: the ledger's words, in the store's form.</summary>
/// <param name="Batches">The batches that the block names.</param>
/// <param name="Slices">Where each transaction's bytes are, in order of execution.</param>
/// <param name="Touched">What each touched.</param>
/// <param name="Moves">Devices that came or changed hands.</param>
public sealed record BlockIndex(
    IReadOnlyList<NamedBatch> Batches,
    IReadOnlyList<BatchSlice> Slices,
    ImmutableArray<ImmutableArray<Touch>> Touched,
    ImmutableArray<DeviceMove> Moves)
{
    /// <summary>Of a block that the store has already.</summary>
    public static BlockIndex Empty { get; } = new([], [], [], []);

    /// <summary>
    /// Where the bytes of a block's transactions are, in order of execution. MintRewards comes first and is in no batch; then what the block did because
    /// its time had come, which has no bytes.
    /// </summary>
    /// <param name="batches">Those that the payload names, encoded.</param>
    /// <param name="due">How many receipts are of the block's own doings.</param>
    public static IEnumerable<BatchSlice> SlicesOf(BlockPayload payload, IEnumerable<ReadOnlyMemory<byte>> batches, int due)
    {
        for (int nowhere = due + (payload.MintRewards.IsEmpty ? 0 : 1); nowhere > 0; nowhere--)
            yield return BatchSlice.Nowhere;
        int batch = 0;
        foreach (ReadOnlyMemory<byte> encoded in batches)
        {
            foreach ((int offset, int length) in Batch.Locate(encoded.Span))
                yield return new BatchSlice(batch, offset, length);
            batch++;
        }
    }

    /// <summary>The transactions as the store takes them.</summary>
    public IReadOnlyList<ExecutedTransaction> Transactions(IReadOnlyList<Receipt> receipts) =>
    [
        .. receipts.Select((receipt, place) => new ExecutedTransaction(receipt.TransactionId, receipt.EncodeOutcome(), Indexed: !receipt.Skipped)
        {
            Slice = Slices[place],
            Touched = [.. Touched[place].Select(KeyOf)],
        }),
    ];

    /// <summary>What joins and leaves the devices of an owner and of services.</summary>
    public IReadOnlyList<MemberChange> Members()
    {
        List<MemberChange> changes = [];
        foreach (DeviceMove move in Moves)
        {
            if (move.Before is { } before)
                changes.AddRange(MembersOf(move.Device, before, joins: false));
            changes.AddRange(MembersOf(move.Device, move.After, joins: true));
        }
        return changes;
    }

    /// <summary>The history that a touch belongs to.</summary>
    public static HistoryKey KeyOf(Touch touch) => new(
        touch.Kind == StateKind.Device ? HistoryIndex.TransactionsOfDevice : HistoryIndex.TransactionsOfAccount, touch.Address.Bytes.ToArray());

    /// <summary>The group of a service's devices.</summary>
    public static byte[] GroupOfService(uint service)
    {
        byte[] group = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(group, service);
        return group;
    }

    /// <summary>The levels of the grid that devices are listed at: cells of about 150, 10 and 0.6 km.</summary>
    public static ImmutableArray<int> CellLevels { get; } = [6, 10, 14];

    /// <summary>The group of a cell's devices.</summary>
    public static byte[] GroupOfCell(Cell cell)
    {
        byte[] group = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(group, cell.Id);
        return group;
    }

    /// <summary>A device joins or leaves the devices of its owner, of each service that it works for, and of the cells that it stands in.</summary>
    public static IEnumerable<MemberChange> MembersOf(Crypto.Address address, DeviceRecord device, bool joins)
    {
        byte[] member = address.Bytes.ToArray();
        yield return new MemberChange(MemberIndex.DevicesOfOwner, device.Owner.Bytes.ToArray(), member, joins);
        foreach (Enrollment enrollment in device.Enrollments)
            yield return new MemberChange(MemberIndex.DevicesOfService, GroupOfService(enrollment.Service), member, joins);
        GeoPoint place = new(device.LatitudeE7, device.LongitudeE7);
        foreach (int level in CellLevels)
            yield return new MemberChange(MemberIndex.DevicesOfCell, GroupOfCell(Grid.CellOf(place, level)), member, joins);
    }
}
