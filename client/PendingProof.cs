using AppChain.Crypto;
using Wire = AppChain.Protos.V1;

namespace AppChain.Client;

/// <summary>A signed proof in an outbox. Its bytes never change, so sending it again is the same transaction again.</summary>
internal sealed class PendingProof(ulong sequence, Hash256 id, Wire.Transaction transaction)
{
    public ulong Sequence { get; } = sequence;

    public Hash256 Id { get; } = id;

    public Wire.Transaction Transaction { get; } = transaction;

    /// <summary>True while the present stream has taken it and not given its last answer.</summary>
    public bool IsOnWire { get; set; }

    /// <summary>How often it was sent.</summary>
    public int Attempts { get; set; }

    /// <summary>Timestamp of the first sending: latency counts from here, over every failure since.</summary>
    public long FirstSent { get; set; }
}
