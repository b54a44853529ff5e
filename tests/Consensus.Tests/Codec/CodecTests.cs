using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace AppChain.Consensus.Tests;

public sealed class CodecTests
{
    static readonly Rig Rig = new();
    static readonly ChainPoint Parent = new(new View(5), new Height(4), Digest.Zero, 1_700_000_000_000, Digest.Zero);
    static readonly Block Sample = Rig.Block(
        new View(7), Parent, mark: 0xAB, change: header => header with { NextValidatorsHash = header.ValidatorsHash });

    [Fact]
    public void Encodings_AsInTheGoldenFile()
    {
        var text = new StringBuilder();
        foreach (var (name, bytes) in Samples())
        {
            text.Append(name).Append('\n').Append(Convert.ToHexStringLower(bytes)).Append("\n\n");
        }

        text.Append("header hash\n").Append(Sample.Hash).Append("\n\n");
        text.Append("digest signed by notarize\n").Append(Rig.Notarize(Sample).SigningDigest(Cluster.ChainId)).Append("\n\n");
        text.Append("digest signed by nullify\n").Append(Rig.Nullify(new View(7)).SigningDigest(Cluster.ChainId)).Append("\n\n");
        text.Append("validators hash\n").Append(Rig.Validators.Hash).Append('\n');
        GoldenFile.AssertSame("encodings.txt", text.ToString());
    }

    [Fact]
    public void Messages_RoundTrip_AndNoPrefixNorExtensionDecodes()
    {
        foreach (var (name, bytes) in Samples().Where(sample => sample.Name.StartsWith("message", StringComparison.Ordinal)))
        {
            Assert.True(Message.TryDecode(bytes, out var message), name);
            Assert.Equal(bytes, message.Encode());
            for (var length = 0; length < bytes.Length; length++)
            {
                Assert.False(Message.TryDecode(bytes.AsSpan(0, length), out _), name);
            }

            Assert.False(Message.TryDecode([.. bytes, 0], out _), name);
        }
    }

    [Fact]
    public void Messages_OneByteChanged_DecodesToItselfOrNotAtAll()
    {
        // Strictness: whatever decodes encodes to the very same bytes.
        var random = new Random(1);
        foreach (var (_, bytes) in Samples().Where(sample => sample.Name.StartsWith("message", StringComparison.Ordinal)))
        {
            for (var i = 0; i < 2_000; i++)
            {
                var changed = bytes.ToArray();
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
                if (Message.TryDecode(changed, out var message))
                {
                    Assert.Equal(changed, message.Encode());
                }
            }
        }
    }

    [Fact]
    public void Decoders_RandomBytes_NeverThrowAndAreStrict() =>
        Prop.ForAll<byte[], byte>((bytes, type) =>
        {
            byte[] typed = [(byte)(type % 8), .. bytes];
            return (!Message.TryDecode(typed, out var message) || message.Encode().AsSpan().SequenceEqual(typed))
                && (!Certificate.TryDecode(bytes, out var certificate) || certificate.Encode().AsSpan().SequenceEqual(bytes))
                && (!Header.TryDecode(bytes, out var header) || header.Encode().AsSpan().SequenceEqual(bytes))
                && (!Block.TryDecode(bytes, out var block) || block.Encode().AsSpan().SequenceEqual(bytes))
                && (!Evidence.TryDecode(bytes, out var evidence) || evidence.Encode().AsSpan().SequenceEqual(bytes));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Block_PayloadNotTheHeaders_DoesNotDecode()
    {
        var bytes = Sample.Encode();
        bytes[^1] ^= 1;
        Assert.False(Block.TryDecode(bytes, out _));
        Assert.False(Block.TryCreate(Sample.Header, new byte[] { 1, 2 }, out _));
    }

    [Fact]
    public void Block_PayloadAtAndAboveTheLimit_AcceptedAndRefused()
    {
        foreach (var (length, accepted) in new[] { (ConsensusLimits.PayloadBytesMax, true), (ConsensusLimits.PayloadBytesMax + 1, false) })
        {
            var payload = new byte[length];
            Assert.Equal(accepted, Block.TryCreate(Sample.Header with { PayloadHash = Block.HashOfPayload(payload) }, payload, out _));
        }
    }

    [Fact]
    public void Messages_Largest_FitTheLimit()
    {
        var block = Header.BytesMax + ConsensusLimits.PayloadBytesMax + 2 + 4;
        var certificate = 1 + 57 + 2 + (ConsensusLimits.ValidatorsMax / 8) + (ConsensusLimits.ValidatorsMax * Vote.SignatureBytes);
        Assert.True(1 + block + Vote.SignatureBytes <= ConsensusLimits.MessageBytesMax);
        Assert.True(certificate <= ConsensusLimits.MessageBytesMax);
    }

    [Fact]
    public void Certificate_BitmapWithTrailingZeroOrEmpty_DoesNotDecode()
    {
        var bytes = Rig.Proof(Rig.Nullify(new View(3))).Certificate.Encode();
        const int bitmapAt = 57;
        Assert.Equal([0, 1, 0b1110], bytes[bitmapAt..(bitmapAt + 3)]);
        Assert.False(Certificate.TryDecode([.. bytes[..bitmapAt], 0, 2, 0b1110, 0, .. bytes[(bitmapAt + 3)..]], out _));
        Assert.False(Certificate.TryDecode([.. bytes[..bitmapAt], 0, 0], out _));
        Assert.False(Certificate.TryDecode([.. bytes[..bitmapAt], 0, 1, 0], out _));
    }

    [Fact]
    public void Nullify_NamingABlock_DoesNotDecode()
    {
        var body = Rig.Nullify(new View(3)) with { HeaderHash = Sample.Hash };
        Assert.False(Message.TryDecode(Rig.Ballot(1, body).Encode(), out _));
    }

    [Fact]
    public void Signature_OfOneChain_IsNoneOnAnother()
    {
        var vote = Rig.Sign(1, Rig.Notarize(Sample));
        var crypto = new KeyedHashCrypto(0);
        Assert.True(vote.IsValid(Cluster.ChainId, Rig.Validators, crypto));
        Assert.False(vote.IsValid(ChainId.Parse("other-chain"), Rig.Validators, crypto));
        Assert.False((vote with { Signer = 2 }).IsValid(Cluster.ChainId, Rig.Validators, crypto));
        Assert.False((vote with { Body = vote.Body with { Kind = VoteKind.Finalize } }).IsValid(Cluster.ChainId, Rig.Validators, crypto));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("a", true)]
    [InlineData("appchain-devnet-0123456789-01234", true)]
    [InlineData("appchain-devnet-0123456789-012345", false)]
    [InlineData("with space", false)]
    [InlineData("ümlaut", false)]
    public void ChainId_Text_AcceptedOrRefused(string text, bool accepted) => Assert.Equal(accepted, ChainId.TryCreate(text, out _));

    static IEnumerable<(string Name, byte[] Bytes)> Samples()
    {
        var notarize = Rig.Notarize(Sample);
        yield return ("header", Sample.Header.Encode());
        yield return ("block", Sample.Encode());
        yield return ("certificate: notarization by 1 2 3", Rig.Proof(notarize).Certificate.Encode());
        yield return ("evidence", new Evidence(Rig.Sign(2, Rig.Nullify(new View(7))), Rig.Sign(2, Rig.Finalize(Sample))).Encode());
        yield return ("message: proposal", Rig.Proposal(Sample).Encode());
        yield return ("message: ballot, notarize", Rig.Ballot(2, notarize).Encode());
        yield return ("message: ballot, nullify", Rig.Ballot(3, Rig.Nullify(new View(7))).Encode());
        yield return ("message: ballot, finalize", Rig.Ballot(1, Rig.Finalize(Sample)).Encode());
        yield return ("message: proof, nullification by 0 2 9", Rig.Proof(Rig.Nullify(new View(7)), 0, 2, 9).Encode());
        yield return ("message: status request", new Message.StatusRequest(new Epoch(1), new View(2), new View(3), new View(4)).Encode());
        yield return ("message: block request", new Message.BlockRequest(new Epoch(1), new View(7), Sample.Hash).Encode());
        yield return ("message: block response", new Message.BlockResponse(Sample).Encode());
    }
}
