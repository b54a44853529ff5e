namespace AppChain.Grpc;

/// <summary>How many calls one remote address may begin.</summary>
/// <param name="CallsPerSecond">In the long run. The messages of a stream are not counted: a stream is one call.</param>
/// <param name="Burst">At once, after a pause.</param>
/// <param name="ExemptLoopback">Whether callers on this machine are not counted.</param>
public sealed record GrpcCallRate(int CallsPerSecond, int Burst, bool ExemptLoopback);
