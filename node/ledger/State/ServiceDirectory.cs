using System;
using System.Collections.Immutable;

namespace AppChain.Ledger;

/// <summary>Which services there are, so that an epoch's end can visit each: version:1 ‖ count:4 × service:4, ascending.</summary>
public sealed record ServiceDirectory(ImmutableArray<uint> Services) : StateRecord
{
    public static ServiceDirectory Get(ILedgerState state) =>
        state.Find(StateKey.ServiceDirectory, Decode) ?? throw new LedgerInvariantException("The state has no directory of services.");

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt32((uint)Services.Length);
        foreach (uint service in Services)
            writer.UInt32(service);
        return writer.ToArray();
    }

    public static ServiceDirectory Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        uint count = reader.UInt32();
        Invariant.Check(count <= LedgerLimits.ServicesMax, "The directory of services is longer than its limit.");
        uint[] services = new uint[count];
        for (int i = 0; i < services.Length; i++)
            services[i] = reader.UInt32();
        reader.End();
        return new ServiceDirectory([.. services]);
    }
}
