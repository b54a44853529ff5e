using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Node;
using AppChain.Node.Driver;
using AppChain.Node.Signer;
using Microsoft.Extensions.Logging.Abstractions;
using static Node.Tests.Signer.SignedVotesTests;

namespace Node.Tests.Signer;

public sealed class VoteGuardTests : IDisposable
{
    private readonly SignerFile file = new();
    private readonly PrivateKey key = PrivateKey.FromSeed(KeyScheme.Secp256k1, "guard");
    private readonly ValidatorSet validators;
    private readonly CoreOptions options;

    public VoteGuardTests()
    {
        validators = new ValidatorSet([.. Enumerable.Range(0, 4).Select(i =>
        {
            using PrivateKey other = PrivateKey.FromSeed(KeyScheme.Secp256k1, $"guard {i}");
            return new Validator(i == 0 ? key.PublicKey : other.PublicKey, 1);
        })]);
        options = new CoreOptions { ChainId = ChainId.Parse("guard"), Validators = validators, Signer = 0 };
    }

    public void Dispose()
    {
        key.Dispose();
        file.Dispose();
    }

    [Fact]
    public void Admit_AContradiction_StopsBeforeAnythingIsWritten()
    {
        file.Sign(Finalized(5, 'a'));
        byte[] before = file.Bytes;
        using (SignerRecord record = file.Open())
        {
            VoteGuard guard = Guard(record);
            SignerRecordException refused = Assert.Throws<SignerRecordException>(() => guard.Admit([Append(Nullified(5))]));
            Assert.Contains("Nullify of view 5", refused.Message, StringComparison.Ordinal);
            guard.Save();
        }
        Assert.Equal(before, file.Bytes);
    }

    [Fact]
    public void Admit_NewAndRepeatedVotes_AreOnDiskOnceSaved()
    {
        using (SignerRecord record = file.Create())
        {
            VoteGuard guard = Guard(record);
            guard.Admit([Append(Notarized(5, 'a')), new Effect.Append(new View(5), new byte[] { 3, 1, 2 })]);
            guard.Admit([Append(Notarized(5, 'a')), Append(Nullified(5))]);
            guard.Save();
        }
        using SignerRecord opened = file.Open();
        Assert.Equal([Notarized(5, 'a'), Nullified(5)], opened.Votes.Bodies);
    }

    [Fact]
    public void OnReplayed_VotesThatTheJournalLacks_AreRecalledToTheCore()
    {
        file.Sign(Notarized(5, 'a'), Finalized(5, 'a'), Notarized(6, 'b'));
        using SignerRecord record = file.Open();
        VoteGuard guard = Guard(record);
        Core core = NewCore();

        guard.OnReplayed(default, core, journalIsNew: true);

        List<Effect> effects = [];
        core.Step(new Input.Start(), 0, effects);
        Assert.Equal(new View(6), core.View);
        Vote sent = Assert.Single(effects.OfType<Effect.Broadcast>().Select(effect => effect.Message).OfType<Message.Ballot>()).Vote;
        Assert.Equal(Notarized(6, 'b'), sent.Body);
        Assert.True(sent.IsValid(options.ChainId, validators, new VoteCrypto(key)));
    }

    [Fact]
    public void OnJournaled_AVoteThatTheRecordLacks_IsRemembered()
    {
        file.Sign(Notarized(5, 'a'));
        using (SignerRecord record = file.Open())
        {
            VoteGuard guard = Guard(record);
            guard.OnJournaled(Notarized(5, 'a'));
            guard.OnJournaled(Finalized(5, 'a'));
            guard.OnReplayed(default, NewCore(), journalIsNew: false);
        }
        using SignerRecord opened = file.Open();
        Assert.Equal([Notarized(5, 'a'), Finalized(5, 'a')], opened.Votes.Bodies);
    }

    [Fact]
    public void OnJournaled_AContradiction_IsRefusedWithWhatToDo()
    {
        file.Sign(Notarized(5, 'a'));
        using SignerRecord record = file.Open();
        SignerRecordException refused = Assert.Throws<SignerRecordException>(() => Guard(record).OnJournaled(Notarized(5, 'b')));
        Assert.Contains("move the data directory away, keep the record", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void OnReplayed_WithATornSlot_IsRefusedOnlyIfTheJournalIsNoWitness(bool journaled, bool refused)
    {
        file.Sign(Notarized(5, 'a'), Finalized(5, 'a'));
        byte[] bytes = file.Bytes;
        bytes[(SignerSlot.TryDecode(bytes.AsSpan(0, SignerSlot.Size))!.Votes.Bodies.Count() == 2 ? 0 : SignerSlot.Size) + 20] ^= 1;
        file.Bytes = bytes;
        using SignerRecord record = file.Open();
        VoteGuard guard = Guard(record);
        if (journaled)
        {
            guard.OnJournaled(Notarized(5, 'a'));
            guard.OnJournaled(Finalized(5, 'a'));
        }
        Exception? thrown = Xunit.Record.Exception(() => guard.OnReplayed(default, NewCore(), journalIsNew: !journaled));
        Assert.Equal(refused, thrown is SignerRecordException);
        if (!refused)
            Assert.Equal([Notarized(5, 'a'), Finalized(5, 'a')], record.Votes.Bodies);
    }

    private VoteGuard Guard(SignerRecord record) => new(record, (seat, body) => Sign(body, seat), NullLogger.Instance);

    private Core NewCore() => new(options, new VoteCrypto(key), ChainPoint.Genesis(Hashing.Sha256("genesis"u8).ToDigest(), 0), null);

    private Vote Sign(VoteBody body, ushort seat = 0) => new(body, seat, new VoteCrypto(key).Sign(body.SigningDigest(options.ChainId)));

    // The journal's own form of an own vote: its type byte, then the vote as in a ballot.
    private Effect.Append Append(VoteBody body) => new(body.View, (byte[])[1, .. new Message.Ballot(Sign(body)).Encode()[1..]]);
}
