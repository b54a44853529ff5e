using AppChain.Consensus;
using AppChain.Node;
using AppChain.Node.Signer;

namespace Node.Tests.Signer;

public sealed class SignedVotesTests
{
    private readonly SignedVotes votes = new(default, View.Genesis);

    public static TheoryData<VoteBody[], VoteBody, SigningVerdict> Cases => new()
    {
        { [], Notarized(1, 'a'), SigningVerdict.New },
        { [Notarized(1, 'a')], Notarized(1, 'a'), SigningVerdict.Known },
        { [Notarized(1, 'a')], Notarized(1, 'b'), SigningVerdict.SecondNotarize },
        { [Notarized(1, 'a')], Notarized(2, 'b'), SigningVerdict.New },
        { [Notarized(1, 'a')], Nullified(1), SigningVerdict.New },
        { [Notarized(1, 'a')], Finalized(1, 'a'), SigningVerdict.New },
        { [Nullified(1)], Nullified(1), SigningVerdict.Known },
        { [Nullified(1)], Notarized(1, 'a'), SigningVerdict.AfterNullify },
        { [Nullified(1)], Finalized(1, 'a'), SigningVerdict.AfterNullify },
        { [Notarized(1, 'a'), Nullified(1)], Notarized(1, 'a'), SigningVerdict.Known },
        { [Notarized(1, 'a'), Nullified(1)], Finalized(1, 'a'), SigningVerdict.AfterNullify },
        { [Finalized(1, 'a')], Nullified(1), SigningVerdict.NullifyAfterFinalize },
        { [Finalized(1, 'a')], Finalized(1, 'a'), SigningVerdict.Known },
        { [Finalized(1, 'a')], Finalized(1, 'b'), SigningVerdict.SecondFinalize },
        { [Notarized(40, 'a')], Finalized(9, 'b'), SigningVerdict.New },
        { [Notarized(40, 'a')], Finalized(8, 'b'), SigningVerdict.Forgotten },
        { [Notarized(8, 'a'), Notarized(40, 'a')], Notarized(8, 'a'), SigningVerdict.Forgotten },
        { [Notarized(40, 'a')], Notarized(1, 'a') with { Epoch = new Epoch(1) }, SigningVerdict.New },
        { [Notarized(1, 'a') with { Epoch = new Epoch(1) }], Notarized(9, 'a'), SigningVerdict.OldEpoch },
        { [Notarized(1, 'a') with { ParentView = View.Genesis }], Notarized(1, 'a') with { ParentView = new View(9) }, SigningVerdict.SecondNotarize },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Judge_AfterWhatWasSigned_Decides(VoteBody[] signed, VoteBody next, SigningVerdict expected)
    {
        foreach (VoteBody body in signed)
            votes.Add(body);
        Assert.Equal(expected, votes.Judge(next));
    }

    [Fact]
    public void Judge_WithAFloor_RefusesAllUpToIt()
    {
        SignedVotes above = new(default, new View(100));
        Assert.Equal(SigningVerdict.Forgotten, above.Judge(Nullified(100)));
        Assert.Equal(SigningVerdict.New, above.Judge(Nullified(101)));
        Assert.Equal(new View(100), above.Highest);
    }

    [Fact]
    public void Add_WhatIsNotNew_Throws()
    {
        votes.Add(Nullified(1));
        Assert.Throws<InvalidOperationException>(() => votes.Add(Finalized(1, 'a')));
        Assert.Equal([Nullified(1)], votes.Bodies);
    }

    [Fact]
    public void SignAbove_ByEpoch_IsTheFloorOfItsOwnOnly()
    {
        SignedVotes second = new(new Epoch(2), new View(100));
        Assert.Equal(new View(100), second.SignAbove(new Epoch(2)));
        Assert.Equal(View.Genesis, second.SignAbove(new Epoch(3)));
        Assert.Equal(new View(ulong.MaxValue), second.SignAbove(new Epoch(1)));
        second.Add(Nullified(1) with { Epoch = new Epoch(3) });
        Assert.Equal(View.Genesis, second.Floor);
    }

    [Fact]
    public void Slot_FullOfVotes_ComesBackAsItWas()
    {
        for (ulong view = 1_000; view < 1_000 + NodeLimits.SignedViewsMax; view++)
        {
            votes.Add(Notarized(view, 'n'));
            votes.Add(view % 2 == 0 ? Finalized(view, 'f') : Nullified(view));
        }
        SignerIdentity identity = new(new(Filled(1)), new(Filled(2)));

        SignerSlot? read = SignerSlot.TryDecode(new SignerSlot(7, identity, votes).Encode());

        Assert.Equal((7UL, identity), (read!.Sequence, read.Identity));
        Assert.Equal(votes.Bodies, read.Votes.Bodies);
        Assert.Equal((int)NodeLimits.SignedViewsMax * 2, read.Votes.Bodies.Count());
        Assert.Equal((votes.Epoch, votes.Floor), (read.Votes.Epoch, read.Votes.Floor));
    }

    internal static VoteBody Notarized(ulong view, char block) => new(VoteKind.Notarize, default, new View(view), new View(view - 1), new Digest(Filled((byte)block)));

    internal static VoteBody Finalized(ulong view, char block) => Notarized(view, block) with { Kind = VoteKind.Finalize };

    internal static VoteBody Nullified(ulong view) => VoteBody.Nullify(default, new View(view));

    private static byte[] Filled(byte value) => [.. Enumerable.Repeat(value, 32)];
}
