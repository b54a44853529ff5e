using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node;
using AppChain.Node.Pool;

namespace Node.Tests;

/// <summary>How often one device and one account are listened to.</summary>
public sealed class SignerRateTests
{
    private static readonly ChainId Chain = ChainId.Parse("test-chain");
    private static readonly PrivateKey One = PrivateKey.FromSeed(KeyScheme.Secp256k1, "one"), Other = PrivateKey.FromSeed(KeyScheme.Secp256k1, "other");

    private readonly HandClock clock = new();

    [Fact]
    public void Signer_ThatUsedItsBurst_WaitsForTheRateAndNoLonger()
    {
        SignerRates rates = new(new SignerRate(PerSecond: 4, Burst: 3), default, clock);
        Transaction proof = Proof(One);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(TimeSpan.Zero, rates.WaitOf(proof));
            rates.Take(proof);
        }
        Assert.Equal(TimeSpan.FromMilliseconds(250), rates.WaitOf(proof));

        clock.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal(TimeSpan.Zero, rates.WaitOf(proof));
        rates.Take(proof);
        Assert.True(rates.WaitOf(proof) > TimeSpan.Zero);

        clock.Advance(TimeSpan.FromHours(1)); // a burst again, and no more
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(TimeSpan.Zero, rates.WaitOf(proof));
            rates.Take(proof);
        }
        Assert.Equal(TimeSpan.FromMilliseconds(250), rates.WaitOf(proof));
    }

    [Fact]
    public void Signer_ThatUsedItsBurst_LeavesAllOthersTheirs()
    {
        SignerRates rates = new(new SignerRate(1, 1), new SignerRate(1, 1), clock);
        rates.Take(Proof(One));

        Assert.True(rates.WaitOf(Proof(One)) > TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, rates.WaitOf(Proof(Other)));
        Assert.Equal(TimeSpan.Zero, rates.WaitOf(Transfer(One))); // an account of the same key
    }

    [Fact]
    public void Rate_OfZero_IsNone()
    {
        for (int i = 0; i < 1_000; i++)
            SignerRates.None.Take(Proof(One));
        Assert.Equal(TimeSpan.Zero, SignerRates.None.WaitOf(Proof(One)));
    }

    /// <summary>Compared with one bucket for each signer that is never forgotten.</summary>
    [Fact]
    public void Generations_ForgetNothingThatCounts()
    {
        SignerRate rate = new(PerSecond: 2, Burst: 5);
        SignerRates rates = new(rate, default, clock);
        Transaction[] proofs = [.. Enumerable.Range(0, 5).Select(static i => Proof(PrivateKey.FromSeed(KeyScheme.Secp256k1, $"signer {i}")))];
        double[] tokens = [.. proofs.Select(_ => (double)rate.Burst)];
        Random random = new(3);
        for (int step = 0; step < 20_000; step++)
        {
            double seconds = random.Next(1, 64) / 64.0; // exact in binary, so that both sums are
            clock.Advance(TimeSpan.FromSeconds(seconds));
            for (int i = 0; i < tokens.Length; i++)
                tokens[i] = Math.Min(rate.Burst, tokens[i] + seconds * rate.PerSecond);
            int signer = random.Next(proofs.Length);
            Assert.Equal(tokens[signer] >= 1, rates.WaitOf(proofs[signer]) == TimeSpan.Zero);
            if (tokens[signer] < 1)
                continue;
            rates.Take(proofs[signer]);
            tokens[signer]--;
        }
    }

    private static Transaction Proof(PrivateKey device) =>
        Sign(device, new SubmitProof(1, 1, new SensorReading(new Measurement(1, 1))));

    private static Transaction Transfer(PrivateKey account) => Sign(account, new Transfer(default, new Amount(1)));

    private static Transaction Sign(PrivateKey key, Message message)
    {
        byte[] signed = TransactionBuilder.Sign(Chain, new Body(key.Address, 1, 1, message), key);
        Assert.Equal(Reason.None, Transaction.TryDecode(signed, Chain, out Transaction? transaction));
        return transaction!;
    }

    private sealed class HandClock : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now;

        public void Advance(TimeSpan time) => now += time.Ticks;
    }
}
