using AppChain.Crypto;
using AppChain.Ledger;
using Google.Protobuf;
using Pb = AppChain.Protos.V1;

namespace AppChain.Tests.Ledger;

/// <summary>Each reason of stage decode, from bytes as a hostile or careless sender makes them.</summary>
public class TransactionDecodeTests
{
    private readonly World world = new();

    [Fact]
    public void Decode_Valid_KeepsTheBytesAndComputesTheId()
    {
        Transaction transaction = world.Transfer(Keys.Alice, Keys.Bob, 5);

        Assert.Equal(new Transfer(Keys.Bob.Address, new Amount(5)), transaction.Body.Message);
        Assert.Equal(Transaction.IdOf(world.Genesis.ChainId, transaction.BodyBytes.Span), transaction.Id);
        byte[] preimage = [6, .. "test-1"u8, .. transaction.BodyBytes.Span];
        Assert.Equal(new HashTag("AppChain/transaction").Hash(preimage), transaction.Id);
    }

    [Fact]
    public void Decode_Empty_IsRefused() => AssertDecodes(Reason.TransactionTooLarge, []);

    [Fact]
    public void Decode_TooLarge_IsRefused() => AssertDecodes(Reason.TransactionTooLarge, new byte[LedgerLimits.TransactionBytesMax + 1]);

    [Fact]
    public void Decode_Truncated_IsRefusedAtEveryLength()
    {
        byte[] bytes = Valid().ToByteArray();
        for (int length = 1; length < bytes.Length; length++)
            Assert.NotEqual(Reason.None, Transaction.TryDecode(bytes.AsMemory(0, length), world.Genesis.ChainId, out _));
    }

    [Theory]
    [InlineData("0a7f")] // claims 127 bytes that are not there
    [InlineData("0affffffffffffffffff01")] // claims 2⁶⁴ − 1 bytes
    [InlineData("0a80808080808080808002")] // a length beyond 64 bits
    [InlineData("0affffffff")] // a length without an end
    [InlineData("08")] // the body as a number
    [InlineData("00")] // field 0
    [InlineData("0a00")] // an empty body is left out, not written
    [InlineData("8a000101")] // a tag in a longer form
    [InlineData("0b")] // a group
    public void Decode_BrokenBytes_AreMalformed(string hex) => AssertDecodes(Reason.Malformed, Convert.FromHexString(hex));

    [Fact]
    public void Decode_UnknownField_IsMalformed() => AssertDecodes(Reason.Malformed, [.. Valid().ToByteArray(), 0x78, 1]);

    [Fact]
    public void Decode_BodyTwice_IsMalformed()
    {
        byte[] bytes = Valid().ToByteArray();
        AssertDecodes(Reason.Malformed, [.. new Pb.Transaction { Body = Valid().Body }.ToByteArray(), .. bytes]);
    }

    [Theory]
    [InlineData("10 80 00", Reason.Malformed)] // sequence as a longer zero
    [InlineData("10 81 00", Reason.Malformed)] // a one in a longer form
    [InlineData("10 00", Reason.Malformed)] // a default written
    [InlineData("18 01 10 01", Reason.Malformed)] // fields in the wrong order
    [InlineData("10 01 10 01", Reason.Malformed)] // a field twice
    [InlineData("10 01 18 01", Reason.UnknownMessage)] // no message
    [InlineData("10 01 18 01 ba 3e 00", Reason.UnknownMessage)] // a message of a later version (field 999)
    [InlineData("10 01 18 01 82 01 02 10 00", Reason.WrongFieldLength)] // a transfer to nobody
    [InlineData("10 01 18 01 82 01 01 80", Reason.Malformed)] // a transfer of broken bytes
    public void Decode_BodyInAnotherForm_IsRefused(string afterSigner, Reason expected)
    {
        byte[] body = [0x0A, 20, .. Keys.Alice.Address.ToArray(), .. Convert.FromHexString(afterSigner.Replace(" ", ""))];
        Pb.Transaction transaction = Valid();
        transaction.Body = ByteString.CopyFrom(body);

        AssertDecodes(expected, transaction.ToByteArray());
    }

    [Fact]
    public void Decode_AddressOf19Bytes_HasTheWrongLength() =>
        AssertBodyDecodes(Reason.WrongFieldLength, body => body.Transfer.To = ByteString.CopyFrom(new byte[19]));

    [Fact]
    public void Decode_NoSigner_HasTheWrongLength() => AssertBodyDecodes(Reason.WrongFieldLength, body => body.Signer = ByteString.Empty);

    [Fact]
    public void Decode_NoMessage_IsUnknownMessage() => AssertBodyDecodes(Reason.UnknownMessage, body => body.ClearMessage());

    [Fact]
    public void Decode_SequenceZero_IsRefused() => AssertBodyDecodes(Reason.SequenceZero, body => body.Sequence = 0);

    [Fact]
    public void Decode_FeePayerWhoHasNotSigned_IsRefused() => AssertBodyDecodes(
        Reason.WrongSignatureCount, body => body.FeePayer = ByteString.CopyFrom(Keys.Bob.Address.Bytes));

    [Fact]
    public void Decode_AmountZero_IsRefused() => AssertBodyDecodes(Reason.ZeroAmount, body => body.Transfer.Amount = 0);

    [Fact]
    public void Decode_ToOneself_IsRefused() => AssertBodyDecodes(Reason.SelfTransfer, body => body.Transfer.To = body.Signer);

    [Fact]
    public void Decode_SignerOfAnotherKey_IsRefused() =>
        AssertBodyDecodes(Reason.SignerMismatch, body => body.Signer = ByteString.CopyFrom(Keys.Carol.Address.Bytes));

    [Fact]
    public void Decode_MintRewards_CannotBeSubmitted() => AssertBodyDecodes(Reason.MintNotSubmittable, body =>
    {
        body.Signer = ByteString.Empty;
        body.MintRewards = new Pb.MintRewards { Epoch = 1, Treasury = 1_000_000 };
    });

    [Fact]
    public void Decode_MintRewardsWithSigner_IsRefused() =>
        AssertBodyDecodes(Reason.WrongFieldLength, body => body.MintRewards = new Pb.MintRewards { Epoch = 1 });

    [Fact]
    public void Decode_ProofWithoutPayload_IsRefused() =>
        AssertBodyDecodes(Reason.UnknownPayload, body => body.SubmitProof = new Pb.SubmitProof { Service = 1, ObservedMs = 1 });

    [Theory]
    [InlineData(16, Reason.None)]
    [InlineData(17, Reason.TooManyMeasurements)]
    public void Decode_Measurements_HaveALimit(int count, Reason expected) => AssertBodyDecodes(expected, body =>
    {
        body.SubmitProof = new Pb.SubmitProof { Service = 1, ObservedMs = 1, SensorReading = new Pb.SensorReading() };
        body.SubmitProof.SensorReading.Measurements.AddRange(
            Enumerable.Range(1, count).Select(i => new Pb.Measurement { Metric = (uint)i }));
    });

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(30)]
    public void Decode_OtherNumberOfSignatures_IsRefused(int count)
    {
        Pb.Transaction transaction = Valid();
        Pb.Signature signature = transaction.Signatures[0];
        transaction.Signatures.Clear();
        transaction.Signatures.AddRange(Enumerable.Repeat(signature, count));

        AssertDecodes(Reason.WrongSignatureCount, transaction.ToByteArray());
    }

    [Fact]
    public void Decode_UnknownScheme_IsRefused() =>
        AssertSignatureDecodes(Reason.UnknownKeyScheme, signature => signature.Scheme = (Pb.KeyScheme)3);

    [Fact]
    public void Decode_NegativeScheme_IsRefused() =>
        AssertSignatureDecodes(Reason.UnknownKeyScheme, signature => signature.Scheme = (Pb.KeyScheme)(-1));

    [Fact]
    public void Decode_NoScheme_IsRefused() =>
        AssertSignatureDecodes(Reason.UnknownKeyScheme, signature => signature.Scheme = Pb.KeyScheme.Unspecified);

    [Fact]
    public void Decode_KeyOfTheOtherScheme_HasTheWrongLength() =>
        AssertSignatureDecodes(Reason.WrongFieldLength, signature => signature.Scheme = Pb.KeyScheme.P256);

    [Fact]
    public void Decode_SignatureOf63Bytes_HasTheWrongLength() =>
        AssertSignatureDecodes(Reason.WrongFieldLength, signature => signature.Signature_ = ByteString.CopyFrom(new byte[63]));

    [Fact]
    public void Batch_Limits_AreEnforced()
    {
        Assert.Equal(Reason.BatchEmpty, Batch.TryDecode(new Batch(0, 1, []).Encode(), out _));
        Assert.Equal(Reason.TransactionTooLarge, DecodeBatch(1, LedgerLimits.TransactionBytesMax + 1));
        Assert.Equal(Reason.TransactionTooLarge, DecodeBatch(1, 0));
        Assert.Equal(Reason.None, DecodeBatch(LedgerLimits.BatchTransactionsMax, 100));
        Assert.Equal(Reason.BatchTooLarge, DecodeBatch(LedgerLimits.BatchTransactionsMax + 1, 100));
        Assert.Equal(Reason.None, DecodeBatch(127, 4_096));
        Assert.Equal(Reason.BatchTooLarge, DecodeBatch(128, 4_096));
    }

    [Fact]
    public void Payload_Limits_AreEnforced()
    {
        Assert.Equal(Reason.None, DecodePayload(Enumerable.Range(0, LedgerLimits.BlockBatchesMax)));
        Assert.Equal(Reason.TooManyBatches, DecodePayload(Enumerable.Range(0, LedgerLimits.BlockBatchesMax + 1)));
        Assert.Equal(Reason.DuplicateBatch, DecodePayload([1, 2, 1]));
        Assert.Equal(Reason.WrongFieldLength, BlockPayload.TryDecode(Convert.FromHexString("1202aabb"), out _));
        Assert.Equal(Reason.None, BlockPayload.TryDecode([], out BlockPayload? empty));
        Assert.Equal(BlockPayload.Empty.Hash(), empty!.Hash());
    }

    private static Reason DecodeBatch(int count, int size) =>
        Batch.TryDecode(new Batch(0, 1, [.. Enumerable.Repeat((ReadOnlyMemory<byte>)new byte[size], count)]).Encode(), out _);

    private static Reason DecodePayload(IEnumerable<int> ids) =>
        BlockPayload.TryDecode(new BlockPayload(default, [.. ids.Select(id => Hashing.Sha256(BitConverter.GetBytes(id)))]).Encode(), out _);

    private Pb.Transaction Valid() => Pb.Transaction.Parser.ParseFrom(world.Transfer(Keys.Alice, Keys.Bob, 5).Encoded.Span);

    private void AssertBodyDecodes(Reason expected, Action<Pb.Body> change)
    {
        Pb.Transaction transaction = Valid();
        Pb.Body body = Pb.Body.Parser.ParseFrom(transaction.Body);
        change(body);
        transaction.Body = body.ToByteString();
        if (expected == Reason.MintNotSubmittable)
            transaction.Signatures.Clear();
        AssertDecodes(expected, transaction.ToByteArray());
    }

    private void AssertSignatureDecodes(Reason expected, Action<Pb.Signature> change)
    {
        Pb.Transaction transaction = Valid();
        change(transaction.Signatures[0]);
        AssertDecodes(expected, transaction.ToByteArray());
    }

    private void AssertDecodes(Reason expected, byte[] bytes)
    {
        Assert.Equal(expected, Transaction.TryDecode(bytes, world.Genesis.ChainId, out Transaction? transaction));
        Assert.Equal(expected == Reason.None, transaction is not null);
    }
}
