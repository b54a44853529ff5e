using System.Net;

namespace AppChain.Grpc.Server;

/// <summary>Counts what each remote address does in a bucket that fills at a constant rate and that each time takes one token from.</summary>
sealed class AddressRate(GrpcAddressRate rate, TimeProvider clock)
{
    readonly Dictionary<IPAddress, Bucket> buckets = [];
    readonly Lock gate = new();

    readonly record struct Bucket(double Tokens, long Stamp);

    /// <summary>Takes a token. False if there is none: then it says how long until there is one.</summary>
    public bool TryTake(IPAddress address, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        if (rate.ExemptLoopback && AddressKey.IsThisMachine(address)) return true;
        lock (gate)
        {
            var now = clock.GetTimestamp();
            var key = AddressKey.Of(address);
            if (!buckets.ContainsKey(key) && buckets.Count >= GrpcLimits.RatedAddressesMax) ForgetFull(now);
            // With this many addresses at once, those that find no place share a bucket: the table must not grow.
            if (!buckets.ContainsKey(key) && buckets.Count >= GrpcLimits.RatedAddressesMax) key = IPAddress.None;
            var tokens = buckets.TryGetValue(key, out var bucket) ? TokensAt(bucket, now) : rate.Burst;
            var taken = tokens >= 1;
            buckets[key] = new Bucket(taken ? tokens - 1 : tokens, now);
            if (!taken) retryAfter = TimeSpan.FromSeconds((1 - tokens) / rate.PerSecond);
            return taken;
        }
    }

    double TokensAt(Bucket bucket, long now) =>
        Math.Min(rate.Burst, bucket.Tokens + clock.GetElapsedTime(bucket.Stamp, now).TotalSeconds * rate.PerSecond);

    // A full bucket is the same as none.
    void ForgetFull(long now)
    {
        foreach (var (key, bucket) in buckets)
        {
            if (TokensAt(bucket, now) >= rate.Burst) buckets.Remove(key);
        }
    }
}
