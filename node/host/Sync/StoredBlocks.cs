using AppChain.Protos.V1;
using AppChain.Storage;
using Google.Protobuf;

namespace AppChain.Node.Sync;

/// <summary>Reads finalised blocks from the store in the form in which peers get them.</summary>
public static class StoredBlocks
{
    /// <exception cref="StorageException">The store lacks a part of the block.</exception>
    public static Protos.V1.FinalizedBlock Read(ChainStore store, ulong height)
    {
        if (!store.TryGetBlock(height, out StoredBlock? stored))
            throw store.MissingBlock(height);
        Protos.V1.FinalizedBlock block = new()
        {
            Header = UnsafeByteOperations.UnsafeWrap(stored.Header),
            Payload = UnsafeByteOperations.UnsafeWrap(stored.Payload),
        };
        if (store.TryGetCertificate(height, out ReadOnlyMemory<byte> finalization))
            block.Finalization = UnsafeByteOperations.UnsafeWrap(finalization);
        foreach (NamedBatch named in stored.Batches)
        {
            if (!store.TryGetBatch(named.Id, out ReadOnlyMemory<byte> batch))
                throw store.MissingBatch(named.Id, height);
            block.Batches.Add(UnsafeByteOperations.UnsafeWrap(batch));
        }
        return block;
    }
}
