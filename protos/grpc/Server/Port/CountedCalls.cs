using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace AppChain.Grpc.Server;

/// <summary>Tells a connection's place of the calls on it, before anything else looks at them.</summary>
sealed class CountedCalls : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(static async (http, answer) =>
        {
            var seat = http.Features.Get<ConnectionSeat>();
            seat?.BeginCall();
            try
            {
                await answer(http).ConfigureAwait(false);
            }
            finally
            {
                seat?.EndCall();
            }
        });
        next(app);
    };
}
