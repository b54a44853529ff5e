using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Driver;
using AppChain.Protos.V1;
using AppChain.Storage;
using Google.Protobuf;
using BlockPayload = AppChain.Ledger.BlockPayload;

namespace AppChain.Node.Sync;

/// <summary>Reads finalised blocks from the store in the form in which peers get them.</summary>
public static class StoredBlocks
{
    /// <exception cref="InvalidOperationException">The store lacks a part of a block that it committed.</exception>
    public static Protos.V1.FinalizedBlock Read(ChainStore store, ulong height)
    {
        if (!store.TryGetBlock(height, out StoredBlock stored))
            throw new InvalidOperationException($"block {height} is not in the store");
        Protos.V1.FinalizedBlock block = new()
        {
            Header = UnsafeByteOperations.UnsafeWrap(stored.Header),
            Payload = UnsafeByteOperations.UnsafeWrap(stored.Payload),
        };
        if (store.TryGetCertificate(height, out ReadOnlyMemory<byte> finalization))
            block.Finalization = UnsafeByteOperations.UnsafeWrap(finalization);
        if (BlockPayload.TryDecode(stored.Payload.Span, out BlockPayload? payload) != Reason.None)
            throw new InvalidOperationException($"the stored payload of block {height} does not decode");
        foreach (Hash256 id in payload!.BatchIds)
        {
            if (!store.TryGetBatch(id, out ReadOnlyMemory<byte> batch))
                throw new InvalidOperationException($"batch {id} of block {height} is not in the store");
            block.Batches.Add(UnsafeByteOperations.UnsafeWrap(batch));
        }
        return block;
    }
}
