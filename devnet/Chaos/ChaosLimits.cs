namespace AppChain.Devnet.Chaos;

/// <summary>Every bound of the chaos, with its unit and what happens at it.</summary>
internal static class ChaosLimits
{
    /// <summary>Fewer tolerate no fault.</summary>
    public const int ValidatorsMin = 4;

    /// <summary>More need more links than one machine should carry: n·(n−1).</summary>
    public const int ValidatorsMax = 10;

    public const int DevicesDefault = 40;

    /// <summary>Proofs a second of all devices together.</summary>
    public const double RateDefault = 80;

    /// <summary>What a link reads at once, bytes.</summary>
    public const int PieceBytesMax = 16 << 10;

    /// <summary>Pieces that a link holds in each direction of a connection. Full: it reads no more, and the sender's window fills.</summary>
    public const int PiecesOnTheWayMax = 256;

    /// <summary>Connections of one link at a time; more are closed at once.</summary>
    public const int ConnectionsPerLinkMax = 64;

    /// <summary>How long TCP takes to send a lost piece again.</summary>
    public static readonly TimeSpan RetransmissionDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// After a bout, unless the command line says otherwise: until all validators are at the tip and the devices' backlog is gone. Longer: a failure.
    /// </summary>
    public static readonly TimeSpan RecoveryDefault = TimeSpan.FromSeconds(30);

    /// <summary>Within f: the longest time without a block. Longer: a failure.</summary>
    public static readonly TimeSpan StallMax = TimeSpan.FromSeconds(15);

    /// <summary>How far ahead of the highest common block the recovered chain must be.</summary>
    public const ulong RecoveryBlocks = 2;

    /// <summary>Validators that are so many blocks apart have the same chain: they are asked one after the other, and it grows.</summary>
    public const ulong LagMax = 20;

    /// <summary>Proofs that wait for their last word are no backlog while the rate makes as many in this time.</summary>
    public static readonly TimeSpan BacklogMax = TimeSpan.FromSeconds(2);

    public static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>How long the check of one home may take after the run.</summary>
    public static readonly TimeSpan HomeCheckMax = TimeSpan.FromMinutes(2);

    /// <summary>Size of the file system that can be made full; the node's store stops when less than 256 MiB of it are free.</summary>
    public const long SmallDiskBytes = 4L << 30;

    /// <summary>How long a disk stays full: the store looks now and then how much is free.</summary>
    public static readonly TimeSpan DiskFullFor = TimeSpan.FromSeconds(5);

    /// <summary>What a full disk has left, bytes: less than the store's reserve, more than nothing.</summary>
    public const long FullDiskLeaves = 64L << 20;
}
