using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>A manufacturer whose attestations the chain knows: version:1 ‖ length:1 name ‖ scheme:1 ‖ length:1 public key.</summary>
public sealed record ManufacturerRecord(string Name, KeyScheme Scheme, ReadOnlyMemory<byte> PublicKey) : StateRecord
{
    /// <summary>The address that its key hashes to, by which devices and services name it.</summary>
    public Address Address => Address.Of(Scheme, PublicKey.Span);

    /// <summary>The manufacturer, or null if none is registered at this address.</summary>
    public static ManufacturerRecord? Find(ILedgerState state, Address address) =>
        state.TryGet(StateKey.Manufacturer(address).Bytes, out ReadOnlyMemory<byte> value) ? Decode(value) : null;

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Text(Name);
        writer.UInt8((byte)Scheme);
        writer.Short(PublicKey.Span);
        return writer.ToArray();
    }

    public static ManufacturerRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        ManufacturerRecord record = new(reader.Text(), (KeyScheme)reader.UInt8(), reader.Short());
        reader.End();
        return record;
    }
}
