using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>A meter of a service: where it hangs, what its register said, what waits, and what it may still trade.</summary>
/// <remarks>
/// version:1 ‖ feeder:20 ‖ kind:1 ‖ peakWatts:8 ‖ connectedMs:8 ‖ usualPpm:8 ‖ readSeconds:8 ‖ registerWh:8 ‖ exportedWh:8 ‖ offer (price:8 ‖
/// untilMs:8) ‖ count:1 × waiting (from:8 ‖ wh:8 ‖ exportedWh:8 ‖ proof:32 ‖ sentMs:8) ‖ count:1 × lot (from:8 ‖ wh:8), both ascending by interval.
/// It outlives the enrolment: who leaves and comes back finds its register where it was, so that nothing is counted twice.
/// </remarks>
public sealed record MeterRecord : StateRecord
{
    /// <summary>Readings of a meter that may wait for their feeder's judgement at a time.</summary>
    public const int WaitingMax = 8;

    /// <summary>Intervals of which it may still trade; the oldest gives way.</summary>
    public const int LotsMax = 16;

    /// <summary>The device that measures what goes in and out of the feeder; of that device itself its own address.</summary>
    public required Address Feeder { get; init; }

    public required MeterKind Kind { get; init; }

    /// <summary>What its connection carries, or what its panels are rated at, in watts.</summary>
    public required ulong PeakWatts { get; init; }

    /// <summary>When both owners said so. A device that moved since is connected no more.</summary>
    public required ulong ConnectedMs { get; init; }

    /// <summary>What is usual for its panels: <see cref="FeederMeter.UsualPpm"/>.</summary>
    public ulong UsualPpm { get; init; }

    /// <summary>Until when its register is accounted for, Unix time in seconds; 0: it was never read.</summary>
    public ulong ReadSeconds { get; init; }

    public ulong RegisterWh { get; init; }

    public ulong ExportedWh { get; init; }

    public EnergyOffer Offer { get; init; }

    public ImmutableArray<WaitingReading> Waiting { get; init; } = [];

    /// <summary>What it made or took in its last intervals and has not traded yet.</summary>
    public ImmutableArray<EnergyLot> Lots { get; init; } = [];

    public static MeterRecord? Find(ILedgerState state, uint service, Address device) => state.Find(StateKey.Meter(service, device), Decode);

    /// <summary>The untraded Wh of an interval.</summary>
    public ulong LeftIn(ulong fromSeconds) => Lots.FirstOrDefault(lot => lot.FromSeconds == fromSeconds).Wh;

    /// <summary>The meter with one more interval to trade in.</summary>
    internal MeterRecord WithLot(EnergyLot lot)
    {
        if (lot.Wh == 0)
            return this;
        ImmutableArray<EnergyLot> lots = [.. Lots.Append(lot).OrderBy(other => other.FromSeconds)];
        return this with { Lots = lots.Length > LotsMax ? lots.RemoveAt(0) : lots };
    }

    /// <summary>The meter when some of an interval was traded, which has as much.</summary>
    internal MeterRecord Without(EnergyLot traded)
    {
        ulong left = LeftIn(traded.FromSeconds);
        Invariant.Check(left >= traded.Wh, "More energy was traded than there was.");
        MeterRecord rest = this with { Lots = Lots.RemoveAll(lot => lot.FromSeconds == traded.FromSeconds) };
        return rest.WithLot(new EnergyLot(traded.FromSeconds, left - traded.Wh));
    }

    public bool Equals(MeterRecord? other) => other is not null && Encode().AsSpan().SequenceEqual(other.Encode());

    public override int GetHashCode() => HashCode.Combine(Feeder, ReadSeconds, RegisterWh);

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Address(Feeder);
        writer.UInt8((byte)Kind);
        writer.UInt64(PeakWatts);
        writer.UInt64(ConnectedMs);
        writer.UInt64(UsualPpm);
        writer.UInt64(ReadSeconds);
        writer.UInt64(RegisterWh);
        writer.UInt64(ExportedWh);
        writer.UInt64(Offer.Price);
        writer.UInt64(Offer.UntilMs);
        writer.UInt8((byte)Waiting.Length);
        foreach (WaitingReading reading in Waiting)
            reading.Write(writer);
        writer.UInt8((byte)Lots.Length);
        foreach (EnergyLot lot in Lots)
        {
            writer.UInt64(lot.FromSeconds);
            writer.UInt64(lot.Wh);
        }
        return writer.ToArray();
    }

    public static MeterRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        // An initialiser runs in the order in which it is written: the order of the layout.
        MeterRecord record = new()
        {
            Feeder = reader.Address(),
            Kind = (MeterKind)reader.UInt8(),
            PeakWatts = reader.UInt64(),
            ConnectedMs = reader.UInt64(),
            UsualPpm = reader.UInt64(),
            ReadSeconds = reader.UInt64(),
            RegisterWh = reader.UInt64(),
            ExportedWh = reader.UInt64(),
            Offer = new EnergyOffer(reader.UInt64(), reader.UInt64()),
            Waiting = ReadWaiting(ref reader),
            Lots = ReadLots(ref reader),
        };
        reader.End();
        return record;
    }

    private static ImmutableArray<WaitingReading> ReadWaiting(ref RecordReader reader)
    {
        List<WaitingReading> waiting = [];
        for (int left = reader.UInt8(); left > 0; left--)
            waiting.Add(WaitingReading.Read(ref reader));
        return [.. waiting];
    }

    private static ImmutableArray<EnergyLot> ReadLots(ref RecordReader reader)
    {
        List<EnergyLot> lots = [];
        for (int left = reader.UInt8(); left > 0; left--)
            lots.Add(new EnergyLot(reader.UInt64(), reader.UInt64()));
        return [.. lots];
    }
}

/// <summary>What a meter's owner asks for what it makes.</summary>
/// <param name="Price">Grains for a Wh; 0: nothing is offered.</param>
/// <param name="UntilMs">Until when, Unix time in ms.</param>
public readonly record struct EnergyOffer(ulong Price, ulong UntilMs);

/// <summary>Energy of one interval.</summary>
/// <param name="FromSeconds">The interval's start.</param>
/// <param name="Wh">How much.</param>
public readonly record struct EnergyLot(ulong FromSeconds, ulong Wh);

/// <summary>A reading that waits until its feeder's interval is judged.</summary>
/// <param name="FromSeconds">The interval's start.</param>
/// <param name="Wh">What the meter counted in it.</param>
/// <param name="ExportedWh">Of a feeder's meter what left it.</param>
/// <param name="Proof">The proof's transaction.</param>
/// <param name="SentMs">Time of the block that took it.</param>
public readonly record struct WaitingReading(ulong FromSeconds, ulong Wh, ulong ExportedWh, Hash256 Proof, ulong SentMs)
{
    internal void Write(RecordWriter writer)
    {
        writer.UInt64(FromSeconds);
        writer.UInt64(Wh);
        writer.UInt64(ExportedWh);
        writer.Raw(Proof.Bytes);
        writer.UInt64(SentMs);
    }

    internal static WaitingReading Read(ref RecordReader reader) =>
        new(reader.UInt64(), reader.UInt64(), reader.UInt64(), new Hash256(reader.Raw(Hash256.Size)), reader.UInt64());
}
