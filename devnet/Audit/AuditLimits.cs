namespace AppChain.Devnet.Audit;

/// <summary>Every bound of an audit, with its unit.</summary>
internal static class AuditLimits
{
    public const int DevicesDefault = 23;

    /// <summary>Devices that are registered and never speak: there is nothing to explain, and nothing may be paid.</summary>
    public const int SilentDevices = 3;

    /// <summary>Devices of one run; above: refused. Every epoch of every device is explained.</summary>
    public const int DevicesMax = 200;

    public const int PairsDefault = 1_000;

    /// <summary>Random pairs; above: refused.</summary>
    public const int PairsMax = 100_000;

    /// <summary>Explanations of one run, a few hundred bytes of sums each. More devices × epochs: the run fails.</summary>
    public const int ExplanationsMax = 1_000_000;

    /// <summary>Explanations asked for at a time.</summary>
    public const int AskedAtOnce = 4;

    /// <summary>Reward epochs that a reward of the audited chain rests: some have rested at the end, and some rest.</summary>
    public const int RestEpochs = 4;

    /// <summary>Users who own no device. The devices' owner pays for some of their work, too.</summary>
    public const int Users = 2;

    /// <summary>Whole tokens that each payer burns for credits.</summary>
    public const ulong TokensBurned = 2_000;

    /// <summary>Credits of one voucher more, at most: a token's worth at the price of genesis.</summary>
    public const int VoucherCreditsMax = 1_000_000;

    /// <summary>Between two vouchers of one payer.</summary>
    public static readonly TimeSpan VoucherInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>How long channels live, well beyond any run.</summary>
    public static readonly TimeSpan ChannelLife = TimeSpan.FromHours(12);

    public static readonly TimeSpan ForDefault = TimeSpan.FromMinutes(8);

    public static readonly TimeSpan EpochDefault = TimeSpan.FromSeconds(4);

    /// <summary>The ledger's own bounds: shorter is refused by genesis.</summary>
    public static readonly TimeSpan EpochMin = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan EpochMax = TimeSpan.FromHours(1);

    /// <summary>How long a header may take to be final after a node has answered with it.</summary>
    public static readonly TimeSpan FinalWithin = TimeSpan.FromSeconds(30);

    /// <summary>How often a node is asked again that has no proven state, or did not answer in time.</summary>
    public const int AttemptsMax = 10;

    public static readonly TimeSpan AttemptPause = TimeSpan.FromMilliseconds(500);
}
