using System.Globalization;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Grpc;
using AppChain.Ledger;
using AppChain.Protos.V1;
using Google.Protobuf;
using Grpc.Core;
using KeyScheme = AppChain.Crypto.KeyScheme;
using Measurement = AppChain.Ledger.Measurement;
using SensorReading = AppChain.Ledger.SensorReading;
using SubmitProof = AppChain.Ledger.SubmitProof;

namespace AppChain.EndToEnd;

/// <summary>Every kind of bad input has a status and a reason of its own, and none of them harms the node.</summary>
[Collection(RunningDevnetTests.Name)]
public sealed class BadInputTests(RunningDevnet running) : IAsyncLifetime
{
    private const int Service = 1;

    private static readonly Marshaller<byte[]> AsIs = Marshallers.Create(bytes => bytes, bytes => bytes);
    private static readonly Method<byte[], byte[]> RawSubmit = new(
        MethodType.Unary, "appchain.v1.TransactionService", "Submit", AsIs, AsIs);

    private readonly PrivateKey stranger = PrivateKey.Generate(KeyScheme.Secp256k1);
    private GrpcChannel channel = null!;
    private ChainId chain = null!;
    private ulong uptimeBefore;

    public async ValueTask InitializeAsync()
    {
        channel = GrpcChannel.ForAddress("http://" + running.Devnet.Address(0));
        Protos.V1.Status status = await running.Devnet.Nodes[0].GetStatusAsync();
        (chain, uptimeBefore) = (ChainId.Parse(status.ChainId), status.UptimeMs);
    }

    /// <summary>After every test: the same process answers, and the chain still takes a transaction.</summary>
    public async ValueTask DisposeAsync()
    {
        Protos.V1.Status status = await running.Devnet.Nodes[0].GetStatusAsync();
        Assert.True(status.UptimeMs >= uptimeBefore, "the node was restarted");
        await Until.HoldsAsync(
            "the chain goes on", TimeSpan.FromSeconds(10), async () => await running.Devnet.HeightAsync(0) > status.Height);
        channel.Dispose();
        stranger.Dispose();
    }

    [Fact]
    public async Task Submit_SignedForAnotherChainAndSaysSo_IsRefusedAsWrongChain()
    {
        SignedTransaction signed = SignedTransaction.Create(ChainId.Parse("another-chain"), Proof(stranger, 1), stranger);

        RpcException refusal = await RefusedAsync(new SubmitRequest { Transaction = signed.Wire, ChainId = signed.ChainId });

        AssertRefusal(refusal, StatusCode.FailedPrecondition, Reason.WrongChain);
    }

    [Fact]
    public async Task Submit_SignedForAnotherChainInSilence_IsRefusedAsBadSignature()
    {
        using PrivateKey device = await RegisteredDeviceAsync();
        SignedTransaction signed = SignedTransaction.Create(ChainId.Parse("another-chain"), Proof(device, 1), device);

        AssertRefusal(await RefusedAsync(new SubmitRequest { Transaction = signed.Wire }), StatusCode.Unauthenticated, Reason.BadSignature);
    }

    [Fact]
    public async Task Submit_OneBitOfTheSignatureWrong_IsRefusedAsBadSignature()
    {
        using PrivateKey device = await RegisteredDeviceAsync();
        Protos.V1.Transaction transaction = SignedTransaction.Create(chain, Proof(device, 1), device).Wire;
        byte[] signature = transaction.Signatures[0].Signature_.ToByteArray();
        signature[40] ^= 1;
        transaction.Signatures[0].Signature_ = ByteString.CopyFrom(signature);

        AssertRefusal(await RefusedAsync(new SubmitRequest { Transaction = transaction }), StatusCode.Unauthenticated, Reason.BadSignature);
    }

    [Fact]
    public async Task Submit_SequenceOfAFinalProofAgain_IsRefusedAsUsed()
    {
        using PrivateKey device = await RegisteredDeviceAsync();
        SubmitResult first = await running.Devnet.Nodes[0].SubmitAndWaitAsync(SignedTransaction.Create(chain, Proof(device, 1), device));
        Assert.True(first.Succeeded, first.Explanation);

        SubmitResult second = await running.Devnet.Nodes[0].SubmitAsync(
            SignedTransaction.Create(chain, Proof(device, 1, value: 2_000), device));

        Assert.Equal(SubmitResponse.Types.Stage.Refused, second.Stage);
        Assert.Equal(
            (StatusCode.AlreadyExists, (uint)Reason.SequenceUsed, "sequence-used"), (second.Status, second.ReasonCode, second.Reason));
    }

    [Fact]
    public async Task Submit_FinalTransactionAgain_IsAnsweredWithItsReceipt()
    {
        using PrivateKey device = await RegisteredDeviceAsync();
        SignedTransaction proof = SignedTransaction.Create(chain, Proof(device, 1), device);
        SubmitResult first = await running.Devnet.Nodes[0].SubmitAndWaitAsync(proof);

        SubmitResult again = await running.Devnet.Nodes[0].SubmitAsync(proof);

        Assert.Equal((SubmitResponse.Types.Stage.Final, first.Height, first.Id), (again.Stage, again.Height, again.Id));
        Assert.Equal(first.Verdict, again.Verdict);
    }

    [Fact]
    public async Task Submit_ByAnUnregisteredDevice_IsRefusedAsUnknown()
    {
        SignedTransaction signed = SignedTransaction.Create(chain, Proof(stranger, 1), stranger);

        RpcException refusal = await RefusedAsync(new SubmitRequest { Transaction = signed.Wire });

        AssertRefusal(refusal, StatusCode.NotFound, Reason.UnknownDevice);
        Assert.Equal(signed.Id.ToString(), refusal.Trailers.GetValue("appchain-transaction-id"));
    }

    [Fact]
    public async Task Submit_TransactionAboveItsLimit_IsRefusedAsTooLarge()
    {
        Protos.V1.Transaction transaction = SignedTransaction.Create(chain, Proof(stranger, 1), stranger).Wire;
        transaction.Body = ByteString.CopyFrom(new byte[LedgerLimits.TransactionBytesMax + 1]);

        AssertRefusal(
            await RefusedAsync(new SubmitRequest { Transaction = transaction }), StatusCode.InvalidArgument, Reason.TransactionTooLarge);
    }

    [Fact]
    public async Task Submit_MessageAboveTheCallLimit_FailsAsResourceExhausted()
    {
        SubmitRequest request = new() { Transaction = new Protos.V1.Transaction { Body = ByteString.CopyFrom(new byte[2 << 20]) } };

        Assert.Equal(StatusCode.ResourceExhausted, (await RefusedAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Submit_BodyThatIsNoMessage_IsRefusedAsMalformed()
    {
        Protos.V1.Transaction transaction = SignedTransaction.Create(chain, Proof(stranger, 1), stranger).Wire;
        transaction.Body = ByteString.CopyFrom(0xff, 0xff, 0xff, 0xff, 0xff);

        AssertRefusal(await RefusedAsync(new SubmitRequest { Transaction = transaction }), StatusCode.InvalidArgument, Reason.Malformed);
    }

    [Fact]
    public async Task Submit_BytesThatAreNoRequest_FailInsteadOfReachingTheChain()
    {
        AsyncUnaryCall<byte[]> call = channel.CreateCallInvoker().AsyncUnaryCall(RawSubmit, null, Soon(), [0x0a, 0x7f, 0x01]);

        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);

        Assert.Contains(failure.StatusCode, (StatusCode[])[StatusCode.InvalidArgument, StatusCode.Internal]);
    }

    private async Task<PrivateKey> RegisteredDeviceAsync()
    {
        PrivateKey device = PrivateKey.Generate(KeyScheme.Secp256k1);
        using PrivateKey ownerKey = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/owner/0");
        using PrivateKey manufacturer = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/manufacturer/0");
        using Wallet owner = new(running.Devnet.Nodes[0], chain, ownerKey);
        Ledger.Attestation attestation = Ledger.Attestation.Make(manufacturer, 1, device.Scheme, device.PublicKey.Span);
        SubmitResult registered = await owner.RegisterDeviceAsync(device, Service, attestation, new DevicePlace(571_000_000, -21_000_000));
        Assert.True(registered.Succeeded, registered.Explanation);
        return device;
    }

    private static Ledger.Body Proof(PrivateKey device, ulong sequence, long value = 1_000)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        SubmitProof proof = new(
            Service, (ulong)now.ToUnixTimeMilliseconds(), new SensorReading(new Measurement(1, value), new Measurement(2, value)));
        return new Ledger.Body(device.Address, sequence, (ulong)now.AddMinutes(10).ToUnixTimeMilliseconds(), proof);
    }

    private async Task<RpcException> RefusedAsync(SubmitRequest request)
    {
        TransactionService.TransactionServiceClient client = new(channel.CreateCallInvoker());
        return await Assert.ThrowsAsync<RpcException>(() => client.SubmitAsync(request, Soon()).ResponseAsync);
    }

    private static CallOptions Soon() => new(deadline: DateTime.UtcNow.AddSeconds(10));

    private static void AssertRefusal(RpcException refusal, StatusCode status, Reason reason)
    {
        Assert.Equal(status, refusal.StatusCode);
        Assert.Equal(((uint)reason).ToString(CultureInfo.InvariantCulture), refusal.Trailers.GetValue("appchain-reason-code"));
        Assert.Equal(Reasons.All.Single(entry => entry.Reason == reason).Name, refusal.Trailers.GetValue("appchain-reason"));
        Assert.NotEmpty(refusal.Status.Detail);
    }
}
