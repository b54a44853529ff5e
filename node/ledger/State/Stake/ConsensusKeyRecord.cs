using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// Whose a consensus key is, or was: version:1 ‖ operator:20 ‖ number:4. It stays when the key is replaced: votes that it signed still count against its
/// validator, and no other validator ever gets it.
/// </summary>
/// <param name="Validator">Its operator.</param>
/// <param name="Number">
/// The key's place among all keys that ever were, genesis's first: by it nodes know each other, whatever seat the key has in an epoch's set.
/// </param>
public sealed record ConsensusKeyRecord(Address Validator, uint Number) : StateRecord
{
    /// <summary>The record of this key, or null.</summary>
    public static ConsensusKeyRecord? Find(ILedgerState state, ReadOnlySpan<byte> consensusKey) =>
        state.Find(StateKey.ConsensusKey(Address.Of(KeyScheme.Secp256k1, consensusKey)), Decode);

    /// <summary>Writes down a key that no validator has had.</summary>
    internal static void Add(LedgerSession session, ReadOnlySpan<byte> consensusKey, Address validator)
    {
        ValidatorDirectory directory = ValidatorDirectory.Get(session);
        session.Put(StateKey.ConsensusKey(Address.Of(KeyScheme.Secp256k1, consensusKey)), new ConsensusKeyRecord(validator, directory.Keys));
        session.Put(StateKey.ValidatorDirectory, directory with { Keys = directory.Keys + 1 });
    }

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Address(Validator);
        writer.UInt32(Number);
        return writer.ToArray();
    }

    public static ConsensusKeyRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        ConsensusKeyRecord record = new(reader.Address(), reader.UInt32());
        reader.End();
        return record;
    }
}
