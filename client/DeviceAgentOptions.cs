using AppChain.Crypto;

namespace AppChain.Client;

/// <summary>What a device agent may be told. Every value has a default.</summary>
public sealed record DeviceAgentOptions
{
    /// <summary>
    /// The first sequence number to use: the chain's <c>next_sequence</c> of the device.
    /// An outbox file that holds higher ones goes before it.
    /// </summary>
    public ulong FirstSequence { get; init; } = 1;

    /// <summary>The device's address, if its key has been replaced since it was registered; null: that of the key.</summary>
    public Address? Device { get; init; }

    /// <summary>Readings that may wait. At the limit, <see cref="DeviceAgent.TryRecord"/> refuses.</summary>
    public int OutboxCapacity { get; init; } = ClientLimits.OutboxReadingsMax;

    /// <summary>A file that keeps the outbox over restarts of the device; null keeps it in memory only.</summary>
    public string? OutboxPath { get; init; }

    /// <summary>How long a signed proof stays valid. One that dies unanswered is signed anew.</summary>
    public TimeSpan TransactionLifetime { get; init; } = ClientLimits.TransactionLifetime;

    /// <summary>
    /// So many readings that wait when a node is reached go as one batch (docs/batches.md), and what the chain draws is opened at once. Null: each reading goes by itself,
    /// and what is older than its service allows is lost. The service's kind must take batches.
    /// </summary>
    public int? BatchFrom { get; init; }

    /// <summary>A node that says nothing for so long while proofs await their answers is left for the next one.</summary>
    public TimeSpan SilenceMax { get; init; } = ClientLimits.SilenceMax;
}
