using AppChain.Consensus;
using AppChain.Node.Driver;

namespace AppChain.Node.Signer;

/// <summary>
/// A record that holds no vote and no floor is a new validator's, or one made where the real one was lost. Nobody can tell which, so it
/// signs only where an earlier life of this key cannot have signed: in an epoch that began after this process did. The first epoch of a chain
/// is excepted, as all validators of a new chain have such records.
/// </summary>
internal static class BlankRecord
{
    // A leader's clock may be ahead by one, and so may this node's be behind.
    private const ulong MarginMs = 2 * NodeLimits.ClockDriftMaxMs;

    /// <summary>Whether nothing is known of what the key signed.</summary>
    public static bool IsBlank(SignedVotes votes) => votes.Epoch == default && votes.Highest == View.Genesis;

    /// <summary>The view above which a core of that epoch may vote.</summary>
    /// <param name="openedMs">When this process opened the record, Unix milliseconds.</param>
    public static View SignAbove(SignedVotes votes, EpochStart start, ulong openedMs) =>
        IsBlank(votes) && start.Epoch.Number.Value > 0 && start.Point.TimeMs < openedMs + MarginMs
            ? new View(ulong.MaxValue)
            : votes.SignAbove(start.Epoch.Number);
}
