using AppChain.Storage;
using Grpc.Core;

namespace AppChain.Node.Rpc;

/// <summary>Answers a call from the store: what is wrong with the disk or the data becomes a status that says so.</summary>
internal static class Answer
{
    /// <summary>Runs the reading.</summary>
    /// <exception cref="RpcException">DATA_LOSS for damage, UNAVAILABLE for a state that is no longer kept, NOT_FOUND for a pruned block, else INTERNAL; or what the reading itself throws.</exception>
    public static Task<T> With<T>(Func<T> read)
    {
        try
        {
            return Task.FromResult(read());
        }
        catch (StorageException e)
        {
            StatusCode code = e.Fault switch
            {
                StorageFault.Corruption => StatusCode.DataLoss,
                StorageFault.Expired => StatusCode.Unavailable,
                StorageFault.Pruned => StatusCode.NotFound,
                _ => StatusCode.Internal,
            };
            throw new RpcException(new Status(code, e.Message));
        }
    }
}
