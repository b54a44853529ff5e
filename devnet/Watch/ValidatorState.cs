using AppChain.Protos.V1;

namespace AppChain.Devnet.Watch;

/// <summary>One validator as last seen.</summary>
/// <param name="Status">Its last answer; null when it never answered.</param>
/// <param name="Problem">Why it does not answer now; null when it does.</param>
internal sealed record ValidatorState(
    string Name, string Address, Status? Status, string? Problem, double CpuSeconds, long RssBytes, int Restarts)
{
    public ulong Height => Status?.Height ?? 0;
}

/// <summary>The chain as last seen, by all validators together.</summary>
/// <param name="HaltedFor">How long no validator has shown a new block, when that is long enough to be said.</param>
internal sealed record ChainState(IReadOnlyList<ValidatorState> Validators, ulong Height, TimeSpan? HaltedFor, Supply? Supply)
{
    public int Answering => Validators.Count(validator => validator.Problem is null);
}
