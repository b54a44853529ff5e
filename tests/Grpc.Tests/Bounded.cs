using Grpc.Core;

namespace AppChain.Grpc.Tests;

/// <summary>Waits that end with a failure instead of never.</summary>
static class Bounded
{
    public static readonly TimeSpan Wait = TimeSpan.FromSeconds(20);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Wait, TestContext.Current.CancellationToken);

    public static Task Soon(this Task task) => task.WaitAsync(Wait, TestContext.Current.CancellationToken);

    public static async Task<RpcException> FailsSoon(this Task task) => await Assert.ThrowsAsync<RpcException>(task.Soon);

    /// <summary>Completes when the token fires.</summary>
    public static async Task Fired(this CancellationToken token)
    {
        var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = token.Register(fired.SetResult);
        await fired.Task.Soon();
    }
}
