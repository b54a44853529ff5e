using System;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>A registered device, with everything that it does: a proof touches this one record.</summary>
/// <remarks>
/// version:1 ‖ owner:20 ‖ manufacturer:20 (zeros: none) ‖ batch:4 ‖ scheme:1 ‖ length:1 public key ‖ latitude:4 ‖ longitude:4 ‖ altitude:4 ‖
/// sequence window:16 ‖ registeredMs:8 ‖ movedMs:8 ‖ revokedMs:8 ‖ count:1 × payee (account:20 ‖ share:4) ‖ count:1 ×
/// <see cref="Enrollment"/>, ascending by service.
/// </remarks>
public sealed record DeviceRecord : StateRecord
{
    /// <summary>Who is paid for its work, unless <see cref="Payees"/> say otherwise, and who decides about it.</summary>
    public required Address Owner { get; init; }

    /// <summary>Who vouches for it; null: nobody, and it serves only what asks for no attestation.</summary>
    public required Address? Manufacturer { get; init; }

    /// <summary>The manufacturer's batch that it came from.</summary>
    public uint Batch { get; init; }

    public required KeyScheme Scheme { get; init; }

    /// <summary>The key that signs for it now. Its address is that of the key it was registered with.</summary>
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

    /// <summary>When its location was asserted last: trust in it begins here.</summary>
    public ulong MovedMs { get; init; }

    /// <summary>When its manufacturer revoked this one device; 0: it did not. A whole batch: <see cref="RevocationRecord"/>.</summary>
    public ulong RevokedMs { get; init; }

    /// <summary>Who shares what it earns; empty: its owner has all. Shares add up to a million.</summary>
    public ImmutableArray<Payee> Payees { get; init; } = [];

    /// <summary>The services that it works for, ascending, at most <see cref="LedgerLimits.EnrollmentsMax"/>.</summary>
    public ImmutableArray<Enrollment> Enrollments { get; init; } = [];

    /// <summary>The device, or null if none is registered at this address.</summary>
    public static DeviceRecord? Find(ILedgerState state, Address address) => state.Find(StateKey.Device(address), Decode);

    internal static DeviceRecord Get(ILedgerState state, Address address) =>
        Find(state, address) ?? throw new LedgerInvariantException("An admitted transaction's device is not in the state.");

    /// <summary>What it does for a service, or null if it is not enrolled there.</summary>
    public Enrollment? In(uint service)
    {
        foreach (Enrollment enrollment in Enrollments)
        {
            if (enrollment.Service == service)
                return enrollment;
        }
        return null;
    }

    /// <summary>The device with this enrolment in the place of its service's, or added in order.</summary>
    public DeviceRecord With(Enrollment enrollment)
    {
        int at = 0;
        while (at < Enrollments.Length && Enrollments[at].Service < enrollment.Service)
            at++;
        bool replaces = at < Enrollments.Length && Enrollments[at].Service == enrollment.Service;
        return this with { Enrollments = replaces ? Enrollments.SetItem(at, enrollment) : Enrollments.Insert(at, enrollment) };
    }

    /// <summary>The device without what it does for a service.</summary>
    public DeviceRecord Without(uint service) => this with { Enrollments = Enrollments.RemoveAll(enrollment => enrollment.Service == service) };

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Address(Owner);
        writer.Address(Manufacturer ?? default);
        writer.UInt32(Batch);
        writer.UInt8((byte)Scheme);
        writer.Short(PublicKey.Span);
        writer.Int32(LatitudeE7);
        writer.Int32(LongitudeE7);
        writer.Int32(AltitudeCm);
        Window.Write(writer);
        writer.UInt64(RegisteredMs);
        writer.UInt64(MovedMs);
        writer.UInt64(RevokedMs);
        writer.UInt8((byte)Payees.Length);
        foreach (Payee payee in Payees)
        {
            writer.Address(payee.Account);
            writer.UInt32(payee.SharePpm);
        }
        writer.UInt8((byte)Enrollments.Length);
        foreach (Enrollment enrollment in Enrollments)
            enrollment.Write(writer);
        return writer.ToArray();
    }

    public static DeviceRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        // An initialiser runs in the order in which it is written: the order of the layout.
        DeviceRecord record = new()
        {
            Owner = reader.Address(),
            Manufacturer = reader.Address() is var manufacturer && manufacturer == default ? null : manufacturer,
            Batch = reader.UInt32(),
            Scheme = (KeyScheme)reader.UInt8(),
            PublicKey = reader.Short(),
            LatitudeE7 = reader.Int32(),
            LongitudeE7 = reader.Int32(),
            AltitudeCm = reader.Int32(),
            Window = SequenceWindow.Read(ref reader),
            RegisteredMs = reader.UInt64(),
            MovedMs = reader.UInt64(),
            RevokedMs = reader.UInt64(),
            Payees = ReadPayees(ref reader),
            Enrollments = ReadEnrollments(ref reader),
        };
        reader.End();
        return record;
    }

    private static ImmutableArray<Payee> ReadPayees(ref RecordReader reader)
    {
        ImmutableArray<Payee>.Builder payees = ImmutableArray.CreateBuilder<Payee>(reader.UInt8());
        for (int i = payees.Capacity; i > 0; i--)
            payees.Add(new Payee(reader.Address(), reader.UInt32()));
        return payees.MoveToImmutable();
    }

    private static ImmutableArray<Enrollment> ReadEnrollments(ref RecordReader reader)
    {
        ImmutableArray<Enrollment>.Builder enrollments = ImmutableArray.CreateBuilder<Enrollment>(reader.UInt8());
        for (int i = enrollments.Capacity; i > 0; i--)
            enrollments.Add(Enrollment.Read(ref reader));
        return enrollments.MoveToImmutable();
    }
}
