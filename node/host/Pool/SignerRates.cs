using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Pool;

/// <summary>How often one signer may have a transaction admitted. 0 a second: as often as it likes.</summary>
/// <param name="PerSecond">In the long run.</param>
/// <param name="Burst">At once, after a pause.</param>
public readonly record struct SignerRate(int PerSecond, int Burst)
{
    /// <summary>Whether there is no limit.</summary>
    public bool IsUnlimited => PerSecond == 0;

    /// <summary>How long a signer that has used all of its burst needs to have it again.</summary>
    public TimeSpan Refill => TimeSpan.FromSeconds((double)Burst / PerSecond);
}

/// <summary>
/// Counts what each device and each account has admitted here, in a bucket that fills at a constant rate. Only what is admitted counts, with a
/// signature that was verified and for the first time: what somebody else forges, or sends again after reading it in a block, costs its signer
/// nothing. One thread.
/// </summary>
/// <remarks>A bucket that was not touched for as long as it takes to fill is the same as none, so buckets are kept in two generations of that length,
/// and the older is let go as a whole.</remarks>
public sealed class SignerRates(SignerRate devices, SignerRate accounts, TimeProvider clock)
{
    private readonly Generations ofDevices = new(devices, clock), ofAccounts = new(accounts, clock);

    /// <summary>No limits.</summary>
    public static SignerRates None { get; } = new(default, default, TimeProvider.System);

    /// <summary>How long the signer has to wait until one more is taken from it; zero: it need not.</summary>
    public TimeSpan WaitOf(Transaction transaction) => KindOf(transaction).WaitOf(transaction.Body.Signer);

    /// <summary>One of the signer's was admitted.</summary>
    public void Take(Transaction transaction) => KindOf(transaction).Take(transaction.Body.Signer);

    private Generations KindOf(Transaction transaction) => transaction.IsOfDevice ? ofDevices : ofAccounts;

    private sealed class Generations(SignerRate rate, TimeProvider clock)
    {
        private Dictionary<Address, Bucket> young = [], old = [];
        private long since = clock.GetTimestamp();

        private readonly record struct Bucket(double Tokens, long Stamp);

        public TimeSpan WaitOf(Address signer)
        {
            if (rate.IsUnlimited)
                return TimeSpan.Zero;
            double tokens = TokensOf(signer, clock.GetTimestamp());
            return tokens >= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds((1 - tokens) / rate.PerSecond);
        }

        public void Take(Address signer)
        {
            if (rate.IsUnlimited)
                return;
            long now = clock.GetTimestamp();
            double tokens = TokensOf(signer, now);
            if (clock.GetElapsedTime(since, now) > rate.Refill)
                (old, young, since) = (young, [], now);
            if (young.Count < NodeLimits.RatedSignersMax || young.ContainsKey(signer))
                young[signer] = new Bucket(Math.Max(0, tokens - 1), now);
        }

        private double TokensOf(Address signer, long now) =>
            young.TryGetValue(signer, out Bucket bucket) || old.TryGetValue(signer, out bucket)
                ? Math.Min(rate.Burst, bucket.Tokens + clock.GetElapsedTime(bucket.Stamp, now).TotalSeconds * rate.PerSecond)
                : rate.Burst;
    }
}
