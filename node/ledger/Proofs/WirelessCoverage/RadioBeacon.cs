using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// Payload of kind wireless coverage: "I have been drawn and have just sent my beacon". What was sent is a secret until <see cref="RadioReveal"/>, so
/// that nobody can claim to have heard it who has not.
/// </summary>
/// <param name="SlotMs">The time of the entropy that drew the device (<see cref="EntropySlot.TimeMs"/>).</param>
/// <param name="FrequencyHz">What it was sent at.</param>
/// <param name="Commitment"><see cref="RadioSecret.Commit"/> of the secret in the beacon.</param>
public sealed record RadioBeacon(ulong SlotMs, ulong FrequencyHz, Hash256 Commitment) : ProofPayload
{
    internal const int Number = 17;

    /// <inheritdoc/>
    public override ProofKind Kind => ProofKind.WirelessCoverage;

    internal override int Field => Number;

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, SlotMs);
        writer.UInt64(2, FrequencyHz);
        writer.Bytes(3, Commitment.Bytes);
        return writer.ToArray();
    }

    internal static RadioBeacon Read(ref WireReader reader) => new(reader.UInt64(1), reader.UInt64(2), reader.Hash(3));
}

/// <summary>Payload of kind wireless coverage: "I have heard this device's beacon".</summary>
/// <param name="Beaconer">Who sent it.</param>
/// <param name="FrequencyHz">What it was heard at.</param>
/// <param name="RssiCentiDbm">How strong, in hundredths of a dBm.</param>
/// <param name="Mark"><see cref="RadioSecret.Mark"/> of the secret in the beacon and the witness: it shows that the witness knows the secret, and tells it to nobody.</param>
public sealed record RadioWitness(Address Beaconer, ulong FrequencyHz, int RssiCentiDbm, Hash256 Mark) : ProofPayload
{
    internal const int Number = 18;

    /// <inheritdoc/>
    public override ProofKind Kind => ProofKind.WirelessCoverage;

    internal override int Field => Number;

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Address(1, Beaconer);
        writer.UInt64(2, FrequencyHz);
        writer.SInt64(3, RssiCentiDbm);
        writer.Bytes(4, Mark.Bytes);
        return writer.ToArray();
    }

    internal static RadioWitness Read(ref WireReader reader) => new(reader.Address(1), reader.UInt64(2), reader.SInt32(3), reader.Hash(4));
}

/// <summary>Payload of kind wireless coverage: what was in the beacon, told when no witness can come any more.</summary>
/// <param name="Secret">32 bytes, drawn at random by the device for this beacon.</param>
public sealed record RadioReveal(Hash256 Secret) : ProofPayload
{
    internal const int Number = 19;

    /// <inheritdoc/>
    public override ProofKind Kind => ProofKind.WirelessCoverage;

    internal override int Field => Number;

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Bytes(1, Secret.Bytes);
        return writer.ToArray();
    }

    internal static RadioReveal Read(ref WireReader reader) => new(reader.Hash(1));
}

/// <summary>What binds beacon, witnesses and reveal to one secret. Devices and chain compute the same.</summary>
public static class RadioSecret
{
    private static readonly HashTag CommitTag = new("AppChain/radio-commitment");
    private static readonly HashTag MarkTag = new("AppChain/radio-mark");

    /// <summary><c>TaggedHash("AppChain/radio-commitment", secret)</c></summary>
    public static Hash256 Commit(Hash256 secret) => CommitTag.Hash(secret.Bytes);

    /// <summary><c>TaggedHash("AppChain/radio-mark", secret ‖ witness)</c></summary>
    public static Hash256 Mark(Hash256 secret, Address witness) => MarkTag.Hash(secret.Bytes, witness.Bytes);
}
