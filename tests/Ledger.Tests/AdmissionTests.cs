using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

public class AdmissionTests
{
    private readonly World world = new();

    [Theory]
    [InlineData(-1, Reason.Expired)]
    [InlineData(0, Reason.None)]
    [InlineData((long)TestGenesis.LifetimeMs, Reason.None)]
    [InlineData((long)TestGenesis.LifetimeMs + 1, Reason.ValidUntilTooFar)]
    public void Check_ValidUntil_HasBothBounds(long fromNow, Reason expected)
    {
        Transaction transaction = WithValidUntil((ulong)((long)world.NowMs + fromNow));

        Assert.Equal(expected, Admission.Check(world.State, transaction, world.NowMs, out _));
        Assert.Equal(expected, world.RunOne(transaction).Reason);
    }

    [Fact]
    public void Check_ValidUntilEndOfTime_IsTooFar() =>
        Assert.Equal(Reason.ValidUntilTooFar, Admission.Check(world.State, WithValidUntil(ulong.MaxValue), world.NowMs, out _));

    [Fact]
    public void Check_ProofOfUnregisteredDevice_IsUnknownDevice() =>
        Assert.Equal(Reason.UnknownDevice, world.RunOne(world.Proof(Keys.Sensor, 1_000)).Reason);

    [Fact]
    public void Check_DoesNotChangeAnything_AndExecutionAgrees()
    {
        Transaction transaction = world.Transfer(Keys.Alice, Keys.Bob, 1);
        string before = world.State.Dump();

        Assert.Equal(Reason.None, Admission.Check(world.State, transaction, world.NowMs, out _));
        Assert.Equal(before, world.State.Dump());
        Assert.Equal(Reason.None, world.RunOne(transaction).Reason);
        Assert.Equal(Reason.SequenceUsed, Admission.Check(world.State, transaction, world.NowMs, out _));
    }

    // A device's key may hold an account too. Registering the device must not give it back the numbers it used as an account.
    [Fact]
    public void Replay_AccountKeyRegisteredAsDevice_StaysUsed()
    {
        world.RunOne(world.Transfer(Keys.Alice, Keys.Sensor, 100));
        Transaction spent = world.Transfer(Keys.Sensor, Keys.Bob, 10);
        Assert.Equal(Reason.None, world.RunOne(spent).Reason);
        world.Registered(Keys.Alice, Keys.Sensor);

        Assert.Equal(Reason.SequenceUsed, world.RunOne(spent).Reason);
        Assert.Equal(Reason.None, world.RunOne(world.Proof(Keys.Sensor, 1_000)).Verdict!.Value.Reason);
        Assert.Equal(Reason.SequenceUsed, world.RunOne(spent).Reason);
        Assert.Equal(90UL, world.Balance(Keys.Sensor));
    }

    [Fact]
    public void Signatures_OfEveryKind_Verify()
    {
        Transaction[] transactions =
        [
            world.Transfer(Keys.Alice, Keys.Bob, 1),
            world.Register(Keys.Alice, Keys.Sensor),
            world.Register(Keys.Alice, Keys.P256Sensor, 2, Keys.P256Maker),
            world.Proof(Keys.P256Sensor, 1_000),
        ];

        List<SignatureCheck> checks = [];
        foreach (Transaction transaction in transactions)
            transaction.CollectSignatures(checks);

        Assert.Equal(1 + 3 + 3 + 1, checks.Count);
        Assert.All(checks, check => Assert.True(SignatureVerifier.Verify(check)));
    }

    [Fact]
    public void Signatures_ReadForAnotherChain_DoNotVerify()
    {
        byte[] encoded = world.Transfer(Keys.Alice, Keys.Bob, 1).Encoded.ToArray();
        Assert.Equal(Reason.None, Transaction.TryDecode(encoded, ChainId.Parse("another-chain"), out Transaction? elsewhere));

        List<SignatureCheck> checks = [];
        elsewhere!.CollectSignatures(checks);

        Assert.False(SignatureVerifier.Verify(Assert.Single(checks)));
    }

    [Fact]
    public void Signatures_AttestationForAnotherDevice_DoesNotVerify()
    {
        RegisterDevice forged = World.Registration(Keys.Sensor) with
        {
            Attestation = Attestation.Make(Keys.Maker, World.Batch, Keys.OtherSensor.Scheme, Keys.OtherSensor.PublicKey.Span),
        };
        List<SignatureCheck> checks = [];
        world.Sign(forged, Keys.Alice, Keys.Sensor).CollectSignatures(checks);

        Assert.Equal([true, true, false], checks.Select(check => SignatureVerifier.Verify(check)));
    }

    private Transaction WithValidUntil(ulong validUntilMs) =>
        world.Sign(new Body(Keys.Alice.Address, 1, validUntilMs, new Transfer(Keys.Bob.Address, new Amount(1))), Keys.Alice);
}
