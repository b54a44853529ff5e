using Grpc.Core;

namespace AppChain.Grpc.Tests;

/// <summary>The test service. By default it does what its names say; a test puts its own handler where it needs one.</summary>
sealed class ExchangeHandlers : Exchange.ExchangeBase
{
    public Func<Note, ServerCallContext, Task<Note>> OnEcho { get; init; } = (note, _) => Task.FromResult(note);

    public Func<IAsyncStreamReader<Number>, ServerCallContext, Task<Number>> OnSum { get; init; } = SumAsync;

    public Func<Number, IServerStreamWriter<Number>, ServerCallContext, Task> OnCount { get; init; } = CountAsync;

    public Func<IAsyncStreamReader<Note>, IServerStreamWriter<Note>, ServerCallContext, Task> OnChat { get; init; } = ChatAsync;

    public override Task<Note> Echo(Note request, ServerCallContext context) => OnEcho(request, context);

    public override Task<Number> Sum(IAsyncStreamReader<Number> requestStream, ServerCallContext context) => OnSum(requestStream, context);

    public override Task Count(Number request, IServerStreamWriter<Number> responseStream, ServerCallContext context) =>
        OnCount(request, responseStream, context);

    public override Task Chat(
        IAsyncStreamReader<Note> requestStream, IServerStreamWriter<Note> responseStream, ServerCallContext context) =>
        OnChat(requestStream, responseStream, context);

    static async Task<Number> SumAsync(IAsyncStreamReader<Number> numbers, ServerCallContext context)
    {
        long sum = 0;
        while (await numbers.MoveNext()) sum += numbers.Current.Value;
        return new Number { Value = sum };
    }

    static async Task CountAsync(Number upTo, IServerStreamWriter<Number> numbers, ServerCallContext context)
    {
        for (var value = 1; value <= upTo.Value; value++) await numbers.WriteAsync(new Number { Value = value });
    }

    static async Task ChatAsync(IAsyncStreamReader<Note> heard, IServerStreamWriter<Note> said, ServerCallContext context)
    {
        await foreach (var note in heard.ReadAllAsync()) await said.WriteAsync(note);
    }
}
