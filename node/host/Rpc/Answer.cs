using AppChain.Storage;
using Grpc.Core;

namespace AppChain.Node.Rpc;

/// <summary>Answers a call from the store: what is wrong with the disk or the data becomes a status that says so.</summary>
internal static class Answer
{
    /// <summary>Runs the reading, for a handler that returns a task.</summary>
    /// <exception cref="RpcException">As <see cref="Read"/>.</exception>
    public static Task<T> With<T>(Func<T> read) => Task.FromResult(Read(read));

    /// <summary>Runs the reading.</summary>
    /// <exception cref="RpcException">DATA_LOSS for damage, UNAVAILABLE for a state that is no longer kept, NOT_FOUND for a pruned block, else INTERNAL; or what the reading itself throws.</exception>
    public static T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (StorageException e)
        {
            throw new RpcException(e.Fault switch
            {
                // These two say heights. What the others say, with its paths, is for the log: callers are strangers.
                StorageFault.Expired => new Status(StatusCode.Unavailable, e.Message),
                StorageFault.Pruned => new Status(StatusCode.NotFound, e.Message),
                StorageFault.Corruption => new Status(StatusCode.DataLoss, "Data of this node is damaged: ask another one.", e),
                _ => new Status(StatusCode.Internal, "This node cannot read its data: ask another one.", e),
            });
        }
    }
}
