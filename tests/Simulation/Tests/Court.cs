using AppChain.Simulation.Execution;

namespace AppChain.Simulation.Tests;

/// <summary>An oracle with a history made by hand: four validators of equal power, the last of them faulty unless said otherwise.</summary>
sealed class Court
{
    const ulong EpochBlocks = 3;

    // In the second epoch validator 0 is not in the set: the seats are another's.
    static readonly Reigns Reigns = new([[1, 1, 1, 1], [0, 1, 1, 1]]);

    readonly SignatureBook book = new();

    public Court(params int[] faulty) =>
        Oracle = new Oracle(Reigns, EpochBlocks, Power.Mask(faulty.Length == 0 ? [3] : faulty), book, new HashExecution());

    public Oracle Oracle { get; }

    /// <summary>A valid block on a parent, the third of the chain and the sixth ending their epochs; the salt makes another of the same
    /// place.</summary>
    public static Header Block(ulong view, Header? parent = null, byte salt = 0)
    {
        var point = parent is null ? Scenario.Genesis : ChainPoint.Of(parent);
        var epoch = new Epoch((parent?.Epoch.Value ?? 0) + (parent is { EndsEpoch: true } ? 1UL : 0));
        var draw = SignatureBook.Draw(Reigns.IdentityOf(epoch, 0)!.Value, point.Beacon);
        return new Header
        {
            ChainId = Scenario.ChainId,
            Epoch = epoch,
            View = new View(view),
            Height = point.Height.Next,
            ParentView = parent is { EndsEpoch: true } ? View.Genesis : point.View,
            ParentHash = point.Hash,
            TimeMs = point.TimeMs + 1,
            Leader = 0,
            PayloadHash = AppChain.Consensus.Block.HashOfPayload([salt]),
            StateRoot = HashExecution.StateAfter(point.Hash),
            ReceiptsRoot = HashExecution.ReceiptsOf(point.Hash),
            ValidatorsHash = Reigns.SetOf(epoch).Hash,
            Beacon = draw.Beacon,
            BeaconProof = draw.Proof,
            NextValidatorsHash = point.Height.Next.Value % EpochBlocks == 0 ? Reigns.SetOf(new Epoch(epoch.Value + 1)).Hash : default,
        };
    }

    public static VoteBody Body(VoteKind kind, Header header) => VoteBody.For(kind, header, header.Hash);

    public static VoteBody Nullify(ulong view) => VoteBody.Nullify(default, new View(view));

    /// <summary>What a leader says who proposes the last block of an epoch again.</summary>
    public static VoteBody Again(Header boundary, ulong view, ulong parentView) =>
        new(VoteKind.Notarize, boundary.Epoch, new View(view), new View(parentView), boundary.Hash);

    /// <summary>Who has no seat in the epoch's set signs for the first that does not exist.</summary>
    public Vote Sign(int signer, VoteBody body) =>
        new(
            body,
            Reigns.SeatOf(body.Epoch, signer) ?? (ushort)Reigns.SetOf(body.Epoch).Count,
            book.Sign(signer, body.SigningDigest(Scenario.ChainId)));

    /// <summary>Each of them signs and sends the vote.</summary>
    public Court Vote(VoteBody body, params int[] signers)
    {
        foreach (var signer in signers)
        {
            Oracle.OnVote(signer, Sign(signer, body));
        }

        return this;
    }

    /// <summary>The block becomes known and is notarized by three.</summary>
    public Court Notarize(Header header)
    {
        Oracle.OnHeader(header);
        return Vote(Body(VoteKind.Notarize, header), 0, 1, 2);
    }

    public Certificate Certificate(VoteBody body, params int[] signers) => AppChain.Consensus.Certificate.Of(
        body,
        [.. signers.Select(signer => Sign(signer, body)).Select(vote => new CertificateSignature(vote.Signer, vote.Signature))]);

    /// <summary>Validator 0 believes a certificate of these signers.</summary>
    public Court Believe(VoteBody body, params int[] signers)
    {
        Oracle.OnCertificate(0, Certificate(body, signers));
        return this;
    }

    /// <summary>A core asks its host to verify the block, signed by validator 0 as its leader.</summary>
    public void Ask(Header header, byte[] payload, ushort leader = 0, bool parentHeld = true)
    {
        Assert.True(AppChain.Consensus.Block.TryCreate(header, payload, out var block));
        Sign(0, Body(VoteKind.Notarize, header));
        Oracle.OnAsked(block, leader, parentHeld);
    }

    public static void Catches(string check, Action history) => Assert.Equal(check, Assert.Throws<Violation>(history).Check);
}
