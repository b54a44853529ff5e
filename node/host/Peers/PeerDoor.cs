using Grpc.Core;
using Status = Grpc.Core.Status;

namespace AppChain.Node.Peers;

/// <summary>What stands at the peer port: who calls, what callers may have under way, and who was refused.</summary>
public sealed record PeerDoor(PeerCallers Callers, PeerPlaces Places, RefusedCallers Refused)
{
    /// <summary>Answers a caller of this chain within its quota and time.</summary>
    public async Task AnswerAsync(ServerCallContext context, Func<CancellationToken, Task> answer)
    {
        using PeerPlaces.Place place = Places.BeginAnswer(Callers.OnThisChain(context), context.CancellationToken);
        try
        {
            await answer(place.Token);
        }
        catch (OperationCanceledException) when (!context.CancellationToken.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, $"the answer was not read within {NodeLimits.AnswerTimeMax.TotalSeconds:0} s"));
        }
    }
}
