namespace AppChain.Grpc;

/// <summary>How often one remote address (one /64 of IPv6) may do something: begin a call, open a connection.</summary>
/// <param name="PerSecond">In the long run.</param>
/// <param name="Burst">At once, after a pause.</param>
/// <param name="ExemptLoopback">Whether this machine itself is not counted.</param>
public sealed record GrpcAddressRate(int PerSecond, int Burst, bool ExemptLoopback);
