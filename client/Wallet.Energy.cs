using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Client;

/// <summary>What owners of meters do.</summary>
public sealed partial class Wallet
{
    /// <summary>Connects a meter of this account to a feeder, whose owner signs too.</summary>
    /// <param name="feederOwner">The owner of the feeder's own meter.</param>
    public Task<SubmitResult> ConnectMeterAsync(ConnectMeter message, PrivateKey feederOwner, CancellationToken cancellation = default) =>
        SubmitAsync(message, [key, feederOwner], cancellation);
}
