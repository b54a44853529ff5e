using System.Diagnostics;

namespace AppChain.EndToEnd;

/// <summary>Bounded waiting for a condition.</summary>
internal static class Until
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Returns as soon as the condition holds; fails with the description when it does not within the time.</summary>
    public static async Task HoldsAsync(string what, TimeSpan within, Func<Task<bool>> condition)
    {
        for (Stopwatch watch = Stopwatch.StartNew(); watch.Elapsed < within;)
        {
            if (await condition())
                return;
            await Task.Delay(Poll);
        }
        Assert.Fail($"{what}: not within {within}");
    }
}
