using AppChain.Grpc.Wire;

namespace AppChain.Grpc.Server;

/// <summary>What the callers of one connection may have the server hold, and for how long. A feature of the connection, which its calls
/// find.</summary>
/// <param name="Arriving">For requests of which a part has come.</param>
/// <param name="Leaving">For responses that are not taken.</param>
/// <param name="MessageTimeout">How long a request may take from its first byte to its last, while somebody waits for it.</param>
/// <param name="StallTimeout">How long a response may wait to be taken.</param>
/// <param name="AnswerTimeout">How long an answer to what is no call may take.</param>
sealed record CallerRoom(ByteBudget Arriving, ByteBudget Leaving, TimeSpan MessageTimeout, TimeSpan StallTimeout, TimeSpan AnswerTimeout);
