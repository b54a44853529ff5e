using System.Collections.Immutable;
using AppChain.Crypto;
using AppChain.Ledger;
using FsCheck;
using FsCheck.Fluent;

namespace AppChain.Tests.Ledger.Model;

/// <summary>What somebody does about stake.</summary>
internal enum StakeVerb
{
    Send,
    Found,
    Raise,
    Delegate,
    Unbond,
    Update,
    ChangeKey,
    Report,
    Unjail,
}

/// <summary>One thing that somebody sends, sensible or not.</summary>
/// <param name="Actor">Who, of <see cref="People"/>.</param>
/// <param name="Other">To whom or with whom, of <see cref="People"/>.</param>
/// <param name="Key">Which of <see cref="ConsensusKeys"/>.</param>
/// <param name="Number">What else there is to choose: a commission, an epoch, whether all stake goes.</param>
internal sealed record StakeAction(StakeVerb Verb, int Actor, int Other, int Key, ulong Grains, int Number)
{
    private static readonly Gen<ulong> SomeGrains = Gen.OneOf(
        Gen.Choose(1, 5_000).Select(crumbs => (ulong)crumbs),
        Gen.Choose(1, 8_000).Select(thousandths => (ulong)thousandths * StakeWorld.Token / 1_000),
        Gen.Constant(StakeWorld.Token));

    /// <summary>All but Carol have an account; three operate validators of genesis.</summary>
    public static PrivateKey[] People { get; } =
        [Keys.Alice, Keys.Bob, Keys.Of("dave"), Keys.Carol, StakeWorld.V0, StakeWorld.V1, StakeWorld.V2];

    public static PrivateKey[] ConsensusKeys { get; } =
        [.. Enumerable.Range(0, 17).Select(i => Keys.Of($"model consensus {i}")), StakeWorld.V0, StakeWorld.V1, StakeWorld.V2];

    public static Gen<StakeAction> Any { get; } =
        from verb in Gen.Frequency(
            (2, Gen.Constant(StakeVerb.Send)), (6, Gen.Constant(StakeVerb.Found)), (3, Gen.Constant(StakeVerb.Raise)),
            (8, Gen.Constant(StakeVerb.Delegate)), (9, Gen.Constant(StakeVerb.Unbond)), (4, Gen.Constant(StakeVerb.Update)),
            (4, Gen.Constant(StakeVerb.ChangeKey)), (2, Gen.Constant(StakeVerb.Report)), (4, Gen.Constant(StakeVerb.Unjail)))
        from actor in Gen.Choose(0, People.Length - 1)
        from other in Gen.Choose(0, People.Length - 1)
        from key in Gen.Choose(0, ConsensusKeys.Length - 1)
        from grains in SomeGrains
        from number in Gen.Choose(0, 7)
        select new StakeAction(verb, actor, other, key, grains, number);

    /// <param name="world">Whose genesis and time it is for.</param>
    /// <param name="epoch">The present epoch of consensus.</param>
    public Transaction Sign(World world, ulong epoch)
    {
        (PrivateKey actor, PrivateKey other, PrivateKey key) = (People[Actor], People[Other], ConsensusKeys[Key]);
        Amount amount = new(Grains);
        ValidatorProfile profile = new("v", "", (uint)Number * 4_000);
        return Verb switch
        {
            StakeVerb.Send => world.Sign(new Transfer(other == actor ? Keys.Sensor.Address : other.Address, amount), actor),
            StakeVerb.Found => world.Sign(new BondStake(amount, key.PublicKey, profile), actor, key),
            StakeVerb.Raise => world.Sign(new BondStake(amount), actor),
            StakeVerb.Delegate => world.Sign(new DelegateStake(other.Address, amount), actor),
            StakeVerb.Unbond => world.Sign(new UnbondStake(other.Address, Number % 3 == 0 ? Amount.Zero : amount), actor),
            StakeVerb.Update => world.Sign(new UpdateValidator(profile), actor),
            StakeVerb.ChangeKey => world.Sign(new UpdateValidator(profile, key.PublicKey), actor, key),
            StakeVerb.Report => world.Sign(world.Contradiction(key, epoch + 1 - Math.Min((ulong)Number, epoch + 1)), actor),
            _ => world.Sign(new Unjail(), actor),
        };
    }
}

/// <summary>A block: how long after the one before, whose turns passed, and what people sent.</summary>
/// <param name="Leader">Of the seats, counted around.</param>
/// <param name="Missed">As the leader.</param>
internal sealed record StakeBlock(int PassMs, int Leader, ImmutableArray<int> Missed, ImmutableArray<StakeAction> Actions)
{
    private static readonly Gen<StakeBlock> Any =
        from ms in Gen.Frequency((8, Gen.Choose(0, 400)), (1, Gen.Choose(0, 6_000)))
        from leader in Gen.Choose(0, 6)
        from missed in Gen.Frequency((3, Gen.Constant(Array.Empty<int>())), (2, Gen.Choose(0, 6).ArrayOf(1)), (1, Gen.Choose(0, 6).ArrayOf(3)))
        from count in Gen.Choose(0, 4)
        from actions in StakeAction.Any.ArrayOf(count)
        select new StakeBlock(ms, leader, [.. missed], [.. actions]);

    /// <summary>A chain of them. A failure shrinks to few blocks in which little happens.</summary>
    public static Arbitrary<StakeBlock[]> Chains { get; } = Arb.From(Gen.Sized(length => Any.ArrayOf(length)), chain => Simpler(chain));

    public override string ToString() => $"\n  after {PassMs} ms, led by {Leader}, missed [{string.Join(' ', Missed)}]: {string.Join("; ", Actions)}";

    // Without one half, without one quarter, at last without one block or with less in it: hundreds of blocks are few after some dozens of tries.
    private static IEnumerable<StakeBlock[]> Simpler(StakeBlock[] chain)
    {
        for (int size = (chain.Length + 1) / 2; size > 0; size /= 2)
        {
            for (int from = 0; from < chain.Length; from += size)
                yield return [.. chain[..from], .. chain.Skip(from + size)];
        }
        for (int i = 0; i < chain.Length; i++)
        {
            foreach (StakeBlock block in chain[i].Simpler())
                yield return [.. chain[..i], block, .. chain[(i + 1)..]];
        }
    }

    private IEnumerable<StakeBlock> Simpler()
    {
        if (!Actions.IsEmpty)
            yield return this with { Actions = [] };
        foreach (StakeAction action in Actions.Skip(Actions.Length == 1 ? 1 : 0))
            yield return this with { Actions = Actions.Remove(action) };
        if (!Missed.IsEmpty)
            yield return this with { Missed = [] };
        if (PassMs > 0)
            yield return this with { PassMs = 0 };
    }
}
