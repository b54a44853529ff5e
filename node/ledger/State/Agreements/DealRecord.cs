using System;
using System.Collections.Immutable;
using System.Numerics;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// A storage deal: credits that a client has locked, window by window, for a file that a device keeps. Its id is that of the transaction that opened it.
/// </summary>
/// <remarks>
/// version:1 ‖ client:20 ‖ service:4 ‖ device:20 ‖ root:32 ‖ chunks:4 ‖ chunkBytes:4 ‖ price:8 ‖ windowsLeft:4 ‖ window:4 ‖ openedMs:8 ‖ closesMs:8 ‖ entropy:32 ‖ shown:8 ‖
/// missed:4 ‖ bond:8 ‖ draws:1 ‖ graceWindows:1 ‖ burnPpm:4.
/// </remarks>
public sealed record DealRecord : StateRecord
{
    /// <summary>Who pays, and gets back what was not earned.</summary>
    public required Address Client { get; init; }

    public required uint Service { get; init; }

    /// <summary>Who keeps the file.</summary>
    public required Address Device { get; init; }

    /// <summary>The root of the list of the chunks' hashes.</summary>
    public required Hash256 Root { get; init; }

    public required uint Chunks { get; init; }

    /// <summary>Bytes of each chunk; the last one may be shorter.</summary>
    public required uint ChunkBytes { get; init; }

    /// <summary>For a window in which every drawn chunk is shown.</summary>
    public required Credits Price { get; init; }

    /// <summary>Windows whose price is still locked, the present one included.</summary>
    public required uint WindowsLeft { get; init; }

    /// <summary>The number of the present window, from 1; 0: the first has not begun.</summary>
    public uint Window { get; init; }

    /// <summary>When the present window opened.</summary>
    public ulong OpenedMs { get; init; }

    /// <summary>When the present window closes: the first block of this time or later judges it.</summary>
    public ulong ClosesMs { get; init; }

    /// <summary>What draws the chunks of the present window: the beacon of the block that opened it, later than the deal.</summary>
    public Hash256 Entropy { get; init; }

    /// <summary>Which of the present window's draws were answered: a bit for each.</summary>
    public ulong Shown { get; init; }

    /// <summary>Windows in a row in which nothing was shown.</summary>
    public uint Missed { get; init; }

    /// <summary>What the device had pledged for the service when it took the deal: of this each missed window burns its share.</summary>
    public Amount Bond { get; init; }

    /// <summary>The service's terms when the deal was made: a service cannot change them under it.</summary>
    public required byte Draws { get; init; }

    public required byte GraceWindows { get; init; }

    public required uint BurnPpm { get; init; }

    /// <summary>Credits that are locked.</summary>
    public Credits Locked => new(Price.Units * WindowsLeft);

    /// <summary>How many draws of the present window were answered.</summary>
    public uint Passed => (uint)BitOperations.PopCount(Shown);

    /// <summary>What draws of the present window have earned so far.</summary>
    public Credits Earned => new StorageScore(Passed, Draws, FirstMissing: null).PriceOf(Price);

    /// <summary>The deal, or null if there is none or it has ended.</summary>
    public static DealRecord? Find(ILedgerState state, Hash256 deal) => state.Find(StateKey.Deal(deal), Decode);

    internal static DealRecord Get(ILedgerState state, Hash256 deal) =>
        Find(state, deal) ?? throw new LedgerInvariantException("The deal of an admitted message is not in the state.");

    /// <summary>What the device committed to.</summary>
    public StoredFile File(Hash256 deal) => new(deal, Root, Chunks);

    /// <summary>The chunks to show in the present window, in the order of <see cref="Shown"/>'s bits; none before the first has begun.</summary>
    public ImmutableArray<uint> Drawn(Hash256 deal) => Window == 0 ? [] : StorageChallenge.Draw(File(deal), Entropy, Draws);

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Address(Client);
        writer.UInt32(Service);
        writer.Address(Device);
        writer.Raw(Root.Bytes);
        writer.UInt32(Chunks);
        writer.UInt32(ChunkBytes);
        writer.Credits(Price);
        writer.UInt32(WindowsLeft);
        writer.UInt32(Window);
        writer.UInt64(OpenedMs);
        writer.UInt64(ClosesMs);
        writer.Raw(Entropy.Bytes);
        writer.UInt64(Shown);
        writer.UInt32(Missed);
        writer.Amount(Bond);
        writer.UInt8(Draws);
        writer.UInt8(GraceWindows);
        writer.UInt32(BurnPpm);
        return writer.ToArray();
    }

    public static DealRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        // An initialiser runs in the order in which it is written: the order of the layout.
        DealRecord record = new()
        {
            Client = reader.Address(),
            Service = reader.UInt32(),
            Device = reader.Address(),
            Root = new Hash256(reader.Raw(Hash256.Size)),
            Chunks = reader.UInt32(),
            ChunkBytes = reader.UInt32(),
            Price = reader.Credits(),
            WindowsLeft = reader.UInt32(),
            Window = reader.UInt32(),
            OpenedMs = reader.UInt64(),
            ClosesMs = reader.UInt64(),
            Entropy = new Hash256(reader.Raw(Hash256.Size)),
            Shown = reader.UInt64(),
            Missed = reader.UInt32(),
            Bond = reader.Amount(),
            Draws = reader.UInt8(),
            GraceWindows = reader.UInt8(),
            BurnPpm = reader.UInt32(),
        };
        reader.End();
        return record;
    }
}
