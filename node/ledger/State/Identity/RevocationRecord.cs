using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// A manufacturer takes back its word: for a whole batch, or for a key that no device is registered with yet. version:1 ‖ revokedMs:8.
/// A registered device that is revoked alone carries it in its own record.
/// </summary>
/// <param name="RevokedMs">Time of the block that said so.</param>
public sealed record RevocationRecord(ulong RevokedMs) : StateRecord
{
    /// <summary>The revocation of a batch, or null.</summary>
    public static RevocationRecord? FindBatch(ILedgerState state, Address manufacturer, uint batch) =>
        state.Find(StateKey.RevokedBatch(manufacturer, batch), Decode);

    /// <summary>The revocation of a key that was none of a device's, or null.</summary>
    public static RevocationRecord? FindKey(ILedgerState state, Address manufacturer, Address key) =>
        state.Find(StateKey.RevokedKey(manufacturer, key), Decode);

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt64(RevokedMs);
        return writer.ToArray();
    }

    public static RevocationRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        RevocationRecord record = new(reader.UInt64());
        reader.End();
        return record;
    }
}
