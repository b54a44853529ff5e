using System;

namespace AppChain.Ledger;

/// <summary>
/// A kind that takes batches: proofs that a device has kept while it was offline, of which the chain sees a few (<see cref="BatchFrame"/>). Its judge reads and writes
/// nothing but what it remembers of the device.
/// </summary>
internal interface IBatchRules : IProofRules
{
    /// <summary>False for services of the kind whose proofs count only beside those of other devices.</summary>
    bool TakesBatches(ServiceDefinition service);

    /// <summary>What the kind remembers of a device whose observations up to a moment stand in a batch: none of them counts again.</summary>
    byte[] Passed(ReadOnlyMemory<byte> kindState, ulong lastMs);

    /// <summary>
    /// True if an honest device cannot have put a proof with this verdict into a batch. Then the batch is a lie, and lost as a whole; what else is not accepted earns nothing
    /// by itself.
    /// </summary>
    bool IsFalse(Reason verdict);
}
