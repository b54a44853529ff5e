using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// Whose a consensus key is, or was: version:1 ‖ operator:20. It stays when the key is replaced: votes that it signed still count against its
/// validator, and no other validator ever gets it.
/// </summary>
public sealed record ConsensusKeyRecord(Address Validator) : StateRecord
{
    /// <summary>The validator of this key, or null.</summary>
    public static Address? Find(ILedgerState state, ReadOnlySpan<byte> consensusKey) =>
        state.TryGet(StateKey.ConsensusKey(Address.Of(KeyScheme.Secp256k1, consensusKey)).Bytes, out ReadOnlyMemory<byte> value)
            ? Decode(value).Validator
            : null;

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Address(Validator);
        return writer.ToArray();
    }

    public static ConsensusKeyRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        ConsensusKeyRecord record = new(reader.Address());
        reader.End();
        return record;
    }
}
