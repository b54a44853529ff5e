using System.Net;

namespace AppChain.Devnet.Siege;

/// <summary>Every bound of a siege, with its unit.</summary>
internal static class SiegeLimits
{
    public const int ConnectionsDefault = 10_000;

    /// <summary>More than the process may have files open would fail here, and not there.</summary>
    public const int ConnectionsMax = 15_000;

    public const int FramesDefault = 1_000_000;

    public const int FramesMax = 100_000_000;

    public const int DevicesDefault = 40;

    /// <summary>Honest proofs a second of all devices together.</summary>
    public const double RateDefault = 80;

    /// <summary>What a validator's resident memory may grow by during the siege, bytes: the rooms that its ports have for strangers (some 400 MiB), and
    /// what the collector leaves lying.</summary>
    public const long RssGrowthMax = 768L << 20;

    /// <summary>How many times as long an honest proof may take, at the median and at the 95th percentile.</summary>
    public const double SlowerDefault = 2;

    /// <summary>Frames of one connection.</summary>
    public const int FramesPerConnection = 1_000;

    /// <summary>Connections that send frames at a time.</summary>
    public const int FrameSenders = 8;

    /// <summary>How long one of them may take to get its frames out: a server that reads no further has won.</summary>
    public static readonly TimeSpan FramesTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection may take to open, and to say what it says at once.</summary>
    public static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Between two bytes of those who say little.</summary>
    public static readonly TimeSpan DripInterval = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    /// <summary>Between two looks at the validators' memory.</summary>
    public static readonly TimeSpan RssInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Honest load before anything counts: the compiler has its work then.</summary>
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    /// <summary>Rest after the siege, before memory is read again.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan ForDefault = TimeSpan.FromSeconds(100);

    /// <summary>Addresses that attackers have, on loopback, where nodes take all but the first one for strangers'.</summary>
    public const int Addresses = 40;

    public static IPAddress Attacker(int number) => new([127, 0, 1, (byte)(1 + number % Addresses)]);
}
