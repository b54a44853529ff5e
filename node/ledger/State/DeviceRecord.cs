using System;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>A registered device.</summary>
/// <remarks>
/// version:1 ‖ owner:20 ‖ manufacturer:20 ‖ service:4 ‖ scheme:1 ‖ length:1 public key ‖ latitude:4 ‖ longitude:4 ‖ altitude:4 ‖
/// sequence window:16 ‖ registeredMs:8 ‖ lastObservedMs:8 ‖ sameInARow:4 ‖ count:1 × (metric:4 ‖ value:8) ‖ accepted:8 ‖ rejected:8 ‖
/// unitsEpoch:8 ‖ units:8 ‖ settled:8 ‖ sponsoredEpoch:8 ‖ sponsored:8.
/// </remarks>
public sealed record DeviceRecord : StateRecord
{
    /// <summary>Who is paid for its work.</summary>
    public required Address Owner { get; init; }

    public required Address Manufacturer { get; init; }

    /// <summary>The service that it serves.</summary>
    public required uint Service { get; init; }

    public required KeyScheme Scheme { get; init; }

    public required ReadOnlyMemory<byte> PublicKey { get; init; }

    /// <summary>Degrees × 10⁷, north positive.</summary>
    public int LatitudeE7 { get; init; }

    /// <summary>Degrees × 10⁷, east positive.</summary>
    public int LongitudeE7 { get; init; }

    public int AltitudeCm { get; init; }

    /// <summary>The sequence numbers of the messages that devices sign.</summary>
    public SequenceWindow Window { get; init; }

    /// <summary>Time of the block that registered it.</summary>
    public ulong RegisteredMs { get; init; }

    /// <summary>The moment of its last reading that was judged by its values; 0: none yet.</summary>
    public ulong LastObservedMs { get; init; }

    /// <summary>How often <see cref="LastReading"/>'s values came in a row.</summary>
    public uint SameInARow { get; init; }

    /// <summary>The last values within bounds: what the next reading's jump is measured from.</summary>
    public ImmutableArray<Measurement> LastReading { get; init; } = [];

    /// <summary>Proofs that earned units.</summary>
    public ulong Accepted { get; init; }

    /// <summary>Proofs that were judged to earn nothing.</summary>
    public ulong Rejected { get; init; }

    /// <summary>The reward epoch that <see cref="Units"/> were earned in.</summary>
    public ulong UnitsEpoch { get; init; }

    /// <summary>Units that are not settled yet.</summary>
    public ulong Units { get; init; }

    /// <summary>What it has earned its owner: in the owner's balance, spent, or held back while the device was accused.</summary>
    public Amount Settled { get; init; }

    /// <summary>The reward epoch that <see cref="Sponsored"/> counts in.</summary>
    public ulong SponsoredEpoch { get; init; }

    /// <summary>Fees that a sponsor paid for it in that epoch.</summary>
    public Credits Sponsored { get; init; }

    /// <summary>The device, or null if none is registered at this address.</summary>
    public static DeviceRecord? Find(ILedgerState state, Address address) =>
        state.TryGet(StateKey.Device(address).Bytes, out ReadOnlyMemory<byte> value) ? Decode(value) : null;

    internal static DeviceRecord Get(ILedgerState state, Address address) =>
        Find(state, address) ?? throw new LedgerInvariantException("An admitted proof's device is not in the state.");

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Address(Owner);
        writer.Address(Manufacturer);
        writer.UInt32(Service);
        writer.UInt8((byte)Scheme);
        writer.Short(PublicKey.Span);
        writer.Int32(LatitudeE7);
        writer.Int32(LongitudeE7);
        writer.Int32(AltitudeCm);
        Window.Write(writer);
        writer.UInt64(RegisteredMs);
        writer.UInt64(LastObservedMs);
        writer.UInt32(SameInARow);
        writer.UInt8((byte)LastReading.Length);
        foreach (Measurement measurement in LastReading)
        {
            writer.UInt32(measurement.Metric);
            writer.Int64(measurement.Value);
        }
        writer.UInt64(Accepted);
        writer.UInt64(Rejected);
        writer.UInt64(UnitsEpoch);
        writer.UInt64(Units);
        writer.Amount(Settled);
        writer.UInt64(SponsoredEpoch);
        writer.Credits(Sponsored);
        return writer.ToArray();
    }

    public static DeviceRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        // An initialiser runs in the order in which it is written: the order of the layout.
        DeviceRecord record = new()
        {
            Owner = reader.Address(),
            Manufacturer = reader.Address(),
            Service = reader.UInt32(),
            Scheme = (KeyScheme)reader.UInt8(),
            PublicKey = reader.Short(),
            LatitudeE7 = reader.Int32(),
            LongitudeE7 = reader.Int32(),
            AltitudeCm = reader.Int32(),
            Window = SequenceWindow.Read(ref reader),
            RegisteredMs = reader.UInt64(),
            LastObservedMs = reader.UInt64(),
            SameInARow = reader.UInt32(),
            LastReading = ReadMeasurements(ref reader),
            Accepted = reader.UInt64(),
            Rejected = reader.UInt64(),
            UnitsEpoch = reader.UInt64(),
            Units = reader.UInt64(),
            Settled = reader.Amount(),
            SponsoredEpoch = reader.UInt64(),
            Sponsored = reader.Credits(),
        };
        reader.End();
        return record;
    }

    private static ImmutableArray<Measurement> ReadMeasurements(ref RecordReader reader)
    {
        Measurement[] measurements = new Measurement[reader.UInt8()];
        for (int i = 0; i < measurements.Length; i++)
            measurements[i] = new Measurement(reader.UInt32(), reader.Int64());
        return [.. measurements];
    }
}
