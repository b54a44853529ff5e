namespace AppChain.Grpc;

/// <summary>How many bytes a port holds at a time for its callers, in one direction.</summary>
/// <param name="PerConnection">For one connection.</param>
/// <param name="PerAddress">For one remote address, and for each of the wider networks of an IPv6 address.</param>
/// <param name="PerPort">In all.</param>
public sealed record GrpcByteRoom(long PerConnection, long PerAddress, long PerPort);
