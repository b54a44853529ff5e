namespace AppChain.Grpc.Tests;

/// <summary>A clock that goes when it is told to; its timers are the system's.</summary>
sealed class HandClock : TimeProvider
{
    long now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref now);

    public void Advance(TimeSpan time) => Interlocked.Add(ref now, time.Ticks);
}
