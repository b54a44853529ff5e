using AppChain.Client.Explain;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Explain;
using Google.Protobuf;
using Grpc.Core;
using Wire = AppChain.Protos.V1;

namespace Node.Tests.Explain;

/// <summary>A long run that was explained once; tests only read it.</summary>
public sealed class ExplainedRunFixture : IDisposable
{
    public ExplainedRunFixture() => Run.Run();

    internal ExplainedRun Run { get; } = new();

    public void Dispose() => Run.Dispose();
}

/// <summary>Explanations of a long run: they add up to what was paid, and a client believes nobody.</summary>
public sealed class ExplainTests(ExplainedRunFixture fixture) : IClassFixture<ExplainedRunFixture>
{
    private ExplainedRun Run => fixture.Run;

    private Explainer Explainer => new(Run.Chain.Reader);

    [Fact]
    public void Explain_RandomPairsOfDeviceAndEpoch_AddUpToTheLastUnit()
    {
        Random random = new(11);
        int earning = 0, refused = 0, used = 0, idle = 0;
        for (int i = 0; i < 1_000; i++)
        {
            Address device = Run.Devices[random.Next(Run.Devices.Length)].Address;
            ulong epoch = (ulong)random.Next(ExplainedRun.Epochs);

            VerifiedExplanation explained = Verified(device, epoch);

            Assert.Equal(Run.Earned(device, epoch), explained.Earned);
            Assert.Equal(
                Enumerable.Range(1, 3).Select(service => (device, (uint)service, epoch)).Where(key => Run.Verdicts.ContainsKey(key) || Run.Usage.ContainsKey(key))
                    .Select(key => (key.Item2, Run.Verdicts.GetValueOrDefault(key), Run.Usage.GetValueOrDefault(key))),
                explained.Services.Select(service => (
                    service.Explanation.Statement.Service, service.Explanation.Verdicts.Length, service.Explanation.Statement.Work.Usage.Grains)));
            used += explained.Services.Count(service => service.Explanation.Statement.Pool.UsageOf(service.Explanation.Statement.Work) > Amount.Zero);
            idle += explained.Services.Count(service => service.Explanation.Verdicts.IsEmpty);
            earning += explained.Earned > Amount.Zero ? 1 : 0;
            refused += explained.Services.Sum(service => service.Explanation.Verdicts.Count(verdict => verdict.Reason != Reason.None));
        }
        Assert.True(earning > 400 && refused > 100, $"{earning} of the pairs earned something, {refused} verdicts refused something");
        Assert.True(used > 20 && idle > 5, $"{used} earned by usage, {idle} without any verdict");
    }

    [Fact]
    public void Explain_EveryEpochOfEveryDevice_AddsUpToWhatItsOwnersWerePaid()
    {
        foreach (Address device in Run.Devices.Select(key => key.Address))
        {
            Amount settled = Amount.Zero, waiting = Amount.Zero;
            for (ulong epoch = 0; epoch <= ExplainedRun.Epochs; epoch++)
            {
                foreach (VerifiedService service in Verified(device, epoch).Services)
                {
                    Amount earned = service.Explanation.Statement.Earned;
                    (settled, waiting) = service.IsSettled ? (settled + earned, waiting) : (settled, waiting + earned);
                }
            }
            DeviceView view = LedgerQueries.Device(Run.Chain.Reader.State, device)!;
            Amount unsettled = view.Unsettled.Aggregate(Amount.Zero, (sum, amount) => sum + amount);
            Assert.Equal(unsettled, waiting);
            // An enrolment that ended took its sum with it.
            Amount inRecord = view.Device.Enrollments.Aggregate(Amount.Zero, (sum, enrollment) => sum + enrollment.Settled);
            Assert.True(settled >= inRecord, $"{settled} < {inRecord}");
            if (view.Device.In(ExplainedRun.Radio) is not null)
                Assert.Equal(inRecord, settled);
        }
    }

    [Fact]
    public void Explain_AllSettledAndWaiting_IsAllThatWasMintedButRemainders()
    {
        for (ulong epoch = 0; epoch < ExplainedRun.Epochs; epoch++)
        {
            Amount earned = Run.Devices.Aggregate(Amount.Zero, (sum, device) => sum + Verified(device.Address, epoch).Earned);
            Amount minted = Run.Pools.Where(pool => pool.Key.Epoch == epoch).Aggregate(Amount.Zero, (sum, pool) => sum + pool.Value.Shares.Total);
            Assert.InRange(minted.Grains - earned.Grains, 0UL, (ulong)(6 * Run.Devices.Length)); // a grain of rounding for each part at most
        }
    }

    [Fact]
    public void Explain_TheOpenEpoch_IsProvenByTheStateAndHasNoMint()
    {
        ulong open = LedgerQueries.Supply(Run.Chain.Reader.State).Epochs.Open;
        Address device = Run.Devices[^1].Address;

        VerifiedExplanation explained = Verified(device, open);

        Assert.Null(explained.Mint);
        Assert.All(explained.Services, service => Assert.False(service.IsSettled));
        Assert.Equal(Amount.Zero, explained.Earned);
    }

    [Fact]
    public void Explain_WhatThereIsNot_IsNotFound()
    {
        Assert.Equal(StatusCode.NotFound, Assert.Throws<RpcException>(() => Explainer.Explain(default, 1)).StatusCode);
        Assert.Equal(StatusCode.NotFound, Assert.Throws<RpcException>(() => Explainer.Explain(Run.Devices[0].Address, ExplainedRun.Epochs + 1)).StatusCode);
        Assert.Equal(StatusCode.NotFound, Assert.Throws<RpcException>(() => Explainer.Explain(Run.Devices[0].Address, ulong.MaxValue)).StatusCode);
    }

    [Fact]
    public void Verify_AnAnswerThatWasChangedAnywhere_IsRefused()
    {
        (Address device, ulong epoch) = Telling();
        Wire.Explanation honest = Explainer.Explain(device, epoch);
        Assert.NotNull(Verify(honest, device, epoch));

        List<Action<Wire.Explanation>> lies =
        [
            lie => lie.Epoch++,
            lie => lie.Services[0].Verdicts.RemoveAt(0),
            lie => lie.Services[0].Verdicts.Add(lie.Services[0].Verdicts[0]),
            lie => lie.Services[0].Verdicts[0].Units++,
            lie => lie.Services[0].Verdicts[0].Reason = (uint)Reason.TooOld,
            lie => lie.Services[0].Verdicts[0].ReceiptId = Flipped(lie.Services[0].Verdicts[0].ReceiptId),
            lie => lie.Services[0].Usage.Add(new Wire.ToldUsage { ReceiptId = lie.Services[0].Verdicts[0].ReceiptId, Credits = 1, Usage = 1 }),
            lie => lie.Services[0].Service = 2 - (lie.Services[0].Service / 2),
            lie => lie.Services[0].Settled.Receipt = Flipped(lie.Services[0].Settled.Receipt),
            lie => lie.Services[0].Settled.Header = Flipped(lie.Services[0].Settled.Header),
            lie => lie.Services[0].Settled.Header = lie.Mint.Receipt.Header,
            lie => lie.Services[0].Settled = null,
            lie => lie.Mint.Body = Flipped(lie.Mint.Body),
            lie => lie.Mint = Explainer.Explain(device, epoch + 1).Mint,
            lie => lie.Mint = null,
        ];
        for (int i = 0; i < lies.Count; i++)
        {
            Wire.Explanation lie = honest.Clone();
            lies[i](lie);
            Assert.True(Verify(lie, device, epoch) is null, $"lie {i} is believed");
        }
        Assert.Null(VerifiedExplanation.TryVerify(honest, Run.Chain.Genesis.ChainId, device, epoch, static _ => false, out string? problem));
        Assert.NotNull(problem);
    }

    [Fact]
    public void Verify_UsageThatWasChanged_IsRefused()
    {
        (Address device, uint service, ulong epoch) = Run.Usage.Where(entry => entry.Key.Epoch is > 5 and < 30).Select(entry => entry.Key).First();
        Wire.Explanation honest = Explainer.Explain(device, epoch);
        Assert.NotNull(Verify(honest, device, epoch));
        int at = honest.Services.ToList().FindIndex(explained => explained.Service == service);

        Wire.Explanation more = honest.Clone(), silent = honest.Clone(), huge = honest.Clone();
        more.Services[at].Usage[0].Usage++;
        silent.Services[at].Usage.RemoveAt(0);
        huge.Services[at].Usage[0].Usage = ulong.MaxValue;

        Assert.All([more, silent, huge], lie => Assert.Null(Verify(lie, device, epoch)));
    }

    [Fact]
    public void Verify_StateThatWasChanged_IsRefused()
    {
        ulong open = LedgerQueries.Supply(Run.Chain.Reader.State).Epochs.Open;
        (Address device, ulong epoch) = Run.Devices.SelectMany(key => Enumerable.Range(0, 3).Select(back => (key.Address, open - (ulong)back)))
            .First(pair => Explainer.Explain(pair.Address, pair.Item2).State is not null);
        Wire.Explanation honest = Explainer.Explain(device, epoch);
        Assert.NotNull(Verify(honest, device, epoch));

        Wire.Explanation otherValue = honest.Clone(), gone = honest.Clone(), missing = honest.Clone(), silent = honest.Clone();
        otherValue.State.Records[0].Value = Flipped(otherValue.State.Records[0].Value);
        gone.State.Records[0].Value = ByteString.Empty;
        missing.State.Records.RemoveAt(0);
        silent.Services.Clear();

        Assert.All([otherValue, gone, missing, silent], lie => Assert.Null(Verify(lie, device, epoch)));
    }

    // A device and epoch with several verdicts, settled.
    private (Address, ulong) Telling()
    {
        (Address device, uint _, ulong epoch) = Run.Verdicts.Where(entry => entry.Value >= 2 && entry.Key.Epoch < 30 && Run.Units[entry.Key] > 0).OrderBy(entry => entry.Key.Epoch).First().Key;
        return (device, epoch);
    }

    private VerifiedExplanation Verified(Address device, ulong epoch)
    {
        VerifiedExplanation? explained = VerifiedExplanation.TryVerify(
            Explainer.Explain(device, epoch), Run.Chain.Genesis.ChainId, device, epoch, header => Run.Chain.Headers.Contains(header.Hash), out string? problem);
        Assert.True(explained is not null, $"{device}, epoch {epoch}: {problem}");
        return explained;
    }

    private VerifiedExplanation? Verify(Wire.Explanation answer, Address device, ulong epoch) => VerifiedExplanation.TryVerify(
        answer, Run.Chain.Genesis.ChainId, device, epoch, header => Run.Chain.Headers.Contains(header.Hash), out _);

    private static ByteString Flipped(ByteString bytes)
    {
        byte[] flipped = bytes.ToByteArray();
        flipped[^1] ^= 1;
        return ByteString.CopyFrom(flipped);
    }
}
