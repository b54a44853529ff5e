using AppChain.Node.Peers;
using AppChain.Node.Sync;
using Microsoft.Extensions.Logging;

namespace AppChain.Node.Driver;

/// <summary>Where the driver's effects lead, and the clock that it waits by.</summary>
public sealed record DriverTargets(PeerNetwork Network, Chain Chain, BlockSync Sync, EvidenceReporter Evidence, TimeProvider Clock, ILogger Log);
