using AppChain.Client;
using AppChain.Client.Explain;
using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Protos.V1;
using Google.Protobuf;
using Address = AppChain.Crypto.Address;
using Block = AppChain.Protos.V1.Block;

namespace Node.Tests.Explain;

/// <summary>Headers of a network that runs, and records of its state, judged by the validators' signatures alone.</summary>
public sealed class FinalHeadersTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private const ulong Blocks = 8;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Record_OfAnAccount_HoldsUnderAHeaderThatSignaturesMadeFinal()
    {
        await using NodeClient client = fixture.Network.Connect(0), other = fixture.Network.Connect(1);
        Address nobody = new([.. Enumerable.Repeat((byte)7, Address.Size)]);
        StateKey key = StateKey.Account(fixture.Owner.Address), none = StateKey.Account(nobody);
        await ReadAsync(other, Blocks, Cancel);
        StateEvidence there = await client.ProveRecordAsync(key, Cancel), absent = await client.ProveRecordAsync(none, Cancel);
        Assert.True(Header.TryDecode(there.Header.Span, out Header first));
        Assert.True(Header.TryDecode(absent.Header.Span, out Header second));

        FinalHeaders headers = await ReadAsync(other, Math.Max(first.Height.Value, second.Height.Value), Cancel);

        Assert.True(VerifiedRecord.TryVerify(there, key, headers.IsFinal, out VerifiedRecord? record));
        Assert.Equal(first.Hash, record.ProvenBy.Hash);
        Assert.True(AccountRecord.Decode(record.Value!.Value).Balance > Amount.Zero);
        Assert.True(VerifiedRecord.TryVerify(absent, none, headers.IsFinal, out VerifiedRecord? missing));
        Assert.Null(missing.Value);

        Assert.False(VerifiedRecord.TryVerify(there, none, headers.IsFinal, out _)); // of another key
        Assert.False(VerifiedRecord.TryVerify(there, key, static _ => false, out _)); // under no header that counts
        there.Records[0].Value = ByteString.CopyFrom([.. there.Records[0].Value.Span[..^1], (byte)(there.Records[0].Value[^1] ^ 1)]);
        Assert.False(VerifiedRecord.TryVerify(there, key, headers.IsFinal, out _));
        absent.Records.Clear();
        Assert.False(VerifiedRecord.TryVerify(absent, none, headers.IsFinal, out _));
    }

    [Fact]
    public async Task Add_WhatAnotherChainOrNobodySigned_IsRefused()
    {
        await using NodeClient client = fixture.Network.Connect(0);
        List<Block> blocks = [];
        await foreach (Block block in client.SubscribeAsync(1, withTransactions: false, Cancel))
        {
            blocks.Add(block);
            if (!block.Certificate.IsEmpty && blocks.Count(static one => !one.Certificate.IsEmpty) > 1 && (ulong)blocks.Count >= Blocks)
                break;
        }
        int signed = blocks.FindIndex(static block => !block.Certificate.IsEmpty);
        FinalHeaders headers = new(fixture.Network.Genesis);

        Assert.NotNull(headers.Add(blocks[1])); // not the first
        for (int i = 0; i < signed; i++)
            Assert.Null(headers.Add(blocks[i]));
        Assert.Equal(0UL, headers.Height); // nobody has signed yet
        byte[] certificate = blocks[signed].Certificate.ToByteArray();
        certificate[^1] ^= 1;
        Assert.NotNull(headers.Add(new Block(blocks[signed]) { Certificate = ByteString.CopyFrom(certificate) }));
        // A last header of the epoch that nobody signed could name anybody as the next validators.
        Assert.True(Header.TryDecode(blocks[signed].HeaderBytes.Span, out Header real));
        Header forged = real with { NextValidatorsHash = real.PayloadHash };
        Assert.NotNull(headers.Add(new Block { HeaderBytes = ByteString.CopyFrom(forged.Encode()) }));
        // One that nobody signed and that does not end it stands in the way until it is dropped.
        Assert.Null(headers.Add(new Block { HeaderBytes = ByteString.CopyFrom((real with { StateRoot = real.PayloadHash }).Encode()) }));
        Assert.NotNull(headers.Add(blocks[signed + 1]));
        headers.DropUnsigned();
        Assert.Equal(1UL, headers.Next);
        for (int i = 0; i < signed; i++)
            Assert.Null(headers.Add(blocks[i]));
        Assert.NotNull(headers.Add(new Block(blocks[signed]) { Certificate = blocks[^1].Certificate, HeaderBytes = blocks[^1].HeaderBytes }));
        Assert.Null(headers.Add(blocks[signed]));

        Assert.Equal((ulong)signed + 1, headers.Height);
        Assert.True(Header.TryDecode(blocks[signed].HeaderBytes.Span, out Header final));
        Assert.True(headers.IsFinal(final));
        Assert.False(headers.IsFinal(final with { StateRoot = final.PayloadHash }));
        Assert.True(Header.TryDecode(blocks[^1].HeaderBytes.Span, out Header later));
        Assert.False(headers.IsFinal(later)); // not read yet
        Genesis otherChain = fixture.Network.Genesis with { Hash = Hash256.Zero };
        Assert.NotNull(new FinalHeaders(otherChain).Add(blocks[0]));
    }

    private async Task<FinalHeaders> ReadAsync(NodeClient node, ulong height, CancellationToken cancellation)
    {
        FinalHeaders headers = new(fixture.Network.Genesis);
        await foreach (Block block in node.SubscribeAsync(1, withTransactions: false, cancellation))
        {
            Assert.Null(headers.Add(block));
            if (headers.Height >= height)
                break;
        }
        return headers;
    }
}
