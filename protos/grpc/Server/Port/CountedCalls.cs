using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace AppChain.Grpc.Server;

/// <summary>Tells a connection's place of the calls on it, before anything else looks at them, and sees that what is no call ends
/// soon.</summary>
sealed class CountedCalls : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(static async (HttpContext http, RequestDelegate answer) =>
        {
            if (http.Features.Get<ConnectionSeat>() is not { } seat)
            {
                await answer(http).ConfigureAwait(false);
                return;
            }
            if (!seat.TryBeginCall())
            {
                // Nothing of it was looked at: the caller may make it again, on a connection that has a place.
                StreamReset.Send(http, StreamReset.RefusedStream);
                return;
            }
            try
            {
                using var time = new AnswerTime(http, seat.Room.AnswerTimeout);
                await time.BoundAsync(answer).ConfigureAwait(false);
            }
            finally
            {
                seat.EndCall();
            }
        });
        next(app);
    };
}
