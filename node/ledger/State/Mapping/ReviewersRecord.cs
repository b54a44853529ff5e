using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>The devices that review a service's images: version:1 ‖ count:1 × device:20. Absent: none.</summary>
public sealed record ReviewersRecord(ImmutableArray<Address> Devices) : StateRecord
{
    /// <summary>Reviewers of a service, each of another owner when it came: a draw looks at each of them once.</summary>
    public const int DevicesMax = 64;

    private static readonly ReviewersRecord None = new([]);

    public static ReviewersRecord Get(ILedgerState state, uint service) => state.Find(StateKey.Reviewers(service), Decode) ?? None;

    internal static void Put(LedgerSession session, uint service, ImmutableArray<Address> devices)
    {
        if (!devices.IsEmpty)
            session.Put(StateKey.Reviewers(service), new ReviewersRecord(devices));
        else
            session.Delete(StateKey.Reviewers(service));
    }

    public bool Equals(ReviewersRecord? other) => other is not null && Devices.AsSpan().SequenceEqual(other.Devices.AsSpan());

    public override int GetHashCode() => Devices.Length;

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt8((byte)Devices.Length);
        foreach (Address device in Devices)
            writer.Address(device);
        return writer.ToArray();
    }

    public static ReviewersRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        List<Address> devices = [];
        for (int left = reader.UInt8(); left > 0; left--)
            devices.Add(reader.Address());
        reader.End();
        return new ReviewersRecord([.. devices]);
    }
}
