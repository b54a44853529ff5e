using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>One verdict, as it stands in its receipt.</summary>
/// <param name="Receipt">The id of the receipt.</param>
/// <param name="Reason"><see cref="Reason.None"/>: accepted.</param>
/// <param name="Units">What it earned.</param>
public readonly record struct ToldVerdict(Hash256 Receipt, Reason Reason, ulong Units);

/// <summary>Credits that were spent on the device's work, as it stands in the receipt.</summary>
/// <param name="Receipt">The id of the receipt.</param>
/// <param name="Credits">What was spent.</param>
/// <param name="Usage">The tokens that were burned for them, as far as they count.</param>
public readonly record struct ToldUsage(Hash256 Receipt, Credits Credits, Amount Usage);

/// <summary>Why a device gets what it gets of one service for one reward epoch: every verdict, and the statement that they add up to.</summary>
/// <param name="Statement">What was settled, or would be.</param>
/// <param name="Verdicts">All of them, in order.</param>
/// <param name="Usage">Every payment for its work that counts, in order.</param>
public sealed record Explanation(Statement Statement, ImmutableArray<ToldVerdict> Verdicts, ImmutableArray<ToldUsage> Usage)
{
    /// <summary>Every verdict of the candidate for the service's rules, in order.</summary>
    public ImmutableArray<ToldVerdict> Shadow { get; init; } = [];

    /// <summary>What does not add up, in words; null: from the verdicts follow the work, from the work the earnings, from these the payments.</summary>
    public string? Problem()
    {
        EpochWork told = Sum(Verdicts), shadow = Sum(Shadow);
        if (shadow != (Statement.Shadow ?? default(EpochWork) with { Epoch = Statement.Work.Epoch }))
            return $"the {Shadow.Length} verdicts of the candidate that are told are not those of the statement";
        foreach (ToldUsage usage in Usage)
        {
            if (usage.Usage > Statement.Work.Usage - told.Usage)
                return $"more usage is told than the {Statement.Work.Usage} of the statement";
            told = told.WithUsage(Statement.Work.Epoch, usage.Usage);
        }
        if (told.Usage != Statement.Work.Usage)
            return $"a usage of {told.Usage} is told, and the statement has {Statement.Work.Usage}";
        return told == Statement.Work
            ? Statement.Problem()
            : $"the {Verdicts.Length} verdicts that are told are not those of the statement: they add up to {told.Units} units, and it has {Statement.Work.Units}";
    }

    private EpochWork Sum(ImmutableArray<ToldVerdict> verdicts)
    {
        EpochWork told = default(EpochWork) with { Epoch = Statement.Work.Epoch };
        foreach (ToldVerdict verdict in verdicts)
            told = told.With(verdict.Receipt, new Verdict(verdict.Reason, verdict.Units, Statement.Work.Epoch, Statement.Service));
        return told;
    }

    /// <summary>What the next touch of the device would settle in one epoch, for each service that it worked for. The epoch may still be open.</summary>
    /// <remarks>
    /// It reads few records, and always the same: whoever has proofs of these can ask it without the rest of the state.
    /// </remarks>
    internal static ImmutableArray<Statement> Unsettled(ILedgerState state, Address address, ulong epoch)
    {
        if (DeviceRecord.Find(state, address) is not { } device)
            return [];
        ImmutableArray<Statement>.Builder statements = ImmutableArray.CreateBuilder<Statement>();
        foreach (Enrollment enrollment in device.Enrollments)
        {
            if ((!enrollment.Work.IsEmpty && enrollment.Work.Epoch == epoch) || ShadowOf(enrollment, epoch) is not null)
                statements.Add(Unsettled(state, address, device, enrollment, epoch));
        }
        return statements.DrainToImmutable();
    }

    private static Statement Unsettled(ILedgerState state, Address address, DeviceRecord device, Enrollment enrollment, ulong epoch)
    {
        EpochWork work = enrollment.Work.Epoch == epoch ? enrollment.Work : default(EpochWork) with { Epoch = epoch };
        Statement statement = new(address, enrollment.Service, work) { Shadow = ShadowOf(enrollment, epoch) };
        if (enrollment.Work.Epoch != epoch || (enrollment.Units == 0 && enrollment.Work.Usage == Amount.Zero)
            || PoolRecord.Find(state, enrollment.Service, enrollment.UnitsEpoch) is not { } pool)
            return statement;
        Amount earned = pool.Shares.Of(enrollment.Work);
        bool isAccused = AccusedRecord.Find(state, new Subject(SubjectKind.Device, address)) is not null;
        return statement with
        {
            Pool = pool.Shares,
            Earned = earned,
            Payments = isAccused ? [] : Payout.Shares(device, earned),
            SpendableEpoch = earned == Amount.Zero ? 0 : Escrow.SpendableFrom(state, enrollment.Work.Epoch),
        };
    }

    private static EpochWork? ShadowOf(Enrollment enrollment, ulong epoch) =>
        enrollment.Shadow is { Work: { IsEmpty: false } work } && work.Epoch == epoch ? work : null;
}
