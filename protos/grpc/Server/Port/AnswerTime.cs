using Microsoft.AspNetCore.Http;

namespace AppChain.Grpc.Server;

/// <summary>
/// How long an answer to what is no call may take: a page, or a refusal, whose caller may never read it. A feature of the request; a call,
/// which has bounds of its own, lifts it.
/// </summary>
sealed class AnswerTime : IDisposable
{
    readonly HttpContext http;
    readonly Lock gate = new();
    readonly Timer timer;
    bool isLifted, isOver;

    public AnswerTime(HttpContext http, TimeSpan limit)
    {
        this.http = http;
        timer = new Timer(static self => ((AnswerTime)self!).End(), this, limit, Timeout.InfiniteTimeSpan);
        http.Features.Set(this);
    }

    /// <summary>Answers, until the time is over: then the request is reset.</summary>
    public async Task BoundAsync(RequestDelegate answer)
    {
        try
        {
            await answer(http).ConfigureAwait(false);
        }
        catch (Exception cause) when (isOver && cause is OperationCanceledException or IOException)
        {
            // What the reset did to whoever was answering; the caller has it already.
        }
    }

    /// <summary>It is a call.</summary>
    public void Lift()
    {
        lock (gate) isLifted = true;
        timer.Dispose();
    }

    public void Dispose() => Lift();

    // Under the lock: once the request has ended, its context is another one's.
    void End()
    {
        lock (gate)
        {
            if (isLifted) return;
            isOver = true;
            StreamReset.Send(http, StreamReset.Cancel);
        }
    }
}
