using System.Collections.Immutable;
using AppChain.Crypto;
using AppChain.Ledger;
using Google.Protobuf;
using Pb = AppChain.Protos.V1;

namespace AppChain.Tests.Ledger;

/// <summary>
/// Our codec against Google's over random messages: what a standard library writes is what we write and read, byte for byte; and whatever
/// we accept is what a standard library would write.
/// </summary>
public class ProtobufParityTests
{
    private const int Rounds = 2_000;

    [Fact]
    public void Bodies_RandomContent_EncodeAndDecodeAlike()
    {
        Random random = new(11);
        for (int i = 0; i < Rounds; i++)
        {
            (Pb.Body theirs, Body ours) = RandomBody(random);
            byte[] bytes = theirs.ToByteArray();

            Assert.Equal(bytes, ours.Encode());
            Assert.Equal(Reason.None, Body.TryDecode(bytes, out Body? decoded));
            Assert.Equal(bytes, decoded!.Encode());
        }
    }

    [Fact]
    public void Transactions_SignedByOurBuilder_ReadTheSameByProtobuf()
    {
        World world = new();
        Transaction ours = world.Register(Keys.Alice, Keys.P256Sensor, 2, Keys.P256Maker);

        Pb.Transaction theirs = Pb.Transaction.Parser.ParseFrom(ours.Encoded.Span);

        Assert.Equal(ours.BodyBytes.ToArray(), theirs.Body.ToByteArray());
        Assert.Equal(2, theirs.Signatures.Count);
        Assert.Equal(Pb.KeyScheme.P256, theirs.Signatures[1].Scheme);
        Assert.Equal(Keys.P256Sensor.PublicKey.ToArray(), theirs.Signatures[1].PublicKey.ToByteArray());
        Assert.Equal(ours.Encoded.ToArray(), theirs.ToByteArray());
    }

    [Fact]
    public void BlockParts_RandomContent_EncodeAndDecodeAlike()
    {
        Random random = new(12);
        for (int i = 0; i < Rounds; i++)
        {
            AssertBatchAlike(random);
            AssertPayloadAlike(random);
            AssertReceiptAlike(random);
        }
    }

    [Fact]
    public void Bodies_MutatedBytes_AreRefusedOrCanonical()
    {
        Random random = new(13);
        int accepted = 0;
        for (int i = 0; i < 20 * Rounds; i++)
        {
            byte[] bytes = Mutated(random, RandomBody(random).Theirs.ToByteArray());
            Reason reason = Body.TryDecode(bytes, out Body? body);
            Assert.Equal(reason == Reason.None, body is not null);
            Assert.True(reason == Reason.None || reason.Stage() == ReasonStage.Decode);
            if (body is null)
                continue;
            accepted++;
            Assert.Equal(bytes, body.Encode());
            Assert.Equal(bytes, Pb.Body.Parser.ParseFrom(bytes).ToByteArray());
        }
        Assert.True(accepted > Rounds, $"only {accepted} mutants were accepted: the property was hardly tried");
    }

    [Fact]
    public void Everything_RandomBytes_NeverThrows()
    {
        Random random = new(14);
        ChainId chain = ChainId.Parse("x");
        for (int i = 0; i < 20 * Rounds; i++)
        {
            byte[] bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            if (i % 2 == 0)
                Array.ForEach([.. Enumerable.Range(0, bytes.Length)], at => bytes[at] &= 0x1F); // likelier tags and lengths

            Assert.NotEqual(Reason.None, Transaction.TryDecode(bytes, chain, out _)); // nobody guesses a signer's hash
            Assert.Equal(Batch.TryDecode(bytes, out Batch? batch) == Reason.None, batch is not null);
            Assert.Equal(BlockPayload.TryDecode(bytes, out BlockPayload? payload) == Reason.None, payload is not null);
            Assert.Equal(Receipt.TryDecode(bytes, out Receipt? receipt) == Reason.None, receipt is not null);
        }
    }

    private static byte[] Mutated(Random random, byte[] bytes)
    {
        List<byte> mutant = [.. bytes];
        for (int change = random.Next(1, 3); change > 0; change--)
        {
            int at = random.Next(mutant.Count);
            switch (random.Next(4))
            {
                case 0:
                    mutant.RemoveAt(at);
                    break;
                case 1:
                    mutant.Insert(at, (byte)random.Next(256));
                    break;
                default:
                    mutant[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }
        return [.. mutant];
    }

    private static void AssertBatchAlike(Random random)
    {
        byte[][] transactions = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Bytes(random, random.Next(1, 300)))];
        Pb.Batch theirs = new() { Author = Small(random), Sequence = Any(random) };
        theirs.Transactions.AddRange(transactions.Select(ByteString.CopyFrom));
        byte[] bytes = theirs.ToByteArray();

        Assert.Equal(bytes, new Batch(theirs.Author, theirs.Sequence, [.. transactions.Select(t => (ReadOnlyMemory<byte>)t)]).Encode());
        Assert.Equal(Reason.None, Batch.TryDecode(bytes, out Batch? decoded));
        Assert.Equal(transactions, decoded!.Transactions.Select(transaction => transaction.ToArray()));
        Assert.Equal((theirs.Author, theirs.Sequence), (decoded.Author, decoded.Sequence));
        Assert.True(Batch.OverheadBytesMax + transactions.Sum(transaction => Batch.BytesOf(transaction.Length)) >= bytes.Length);
    }

    private static void AssertPayloadAlike(Random random)
    {
        byte[] mint = Bytes(random, random.Next(3) * 20);
        Hash256[] ids = [.. Enumerable.Range(0, random.Next(4)).Select(_ => new Hash256(Bytes(random, 32)))];
        Pb.BlockPayload theirs = new() { MintRewards = ByteString.CopyFrom(mint) };
        theirs.BatchIds.AddRange(ids.Select(id => ByteString.CopyFrom(id.Bytes)));
        byte[] bytes = theirs.ToByteArray();

        Assert.Equal(bytes, new BlockPayload(mint, [.. ids]).Encode());
        Assert.Equal(Reason.None, BlockPayload.TryDecode(bytes, out BlockPayload? decoded));
        Assert.Equal(ids, decoded!.BatchIds);
        Assert.Equal(mint, decoded.MintRewards.ToArray());
    }

    private static void AssertReceiptAlike(Random random)
    {
        Receipt ours = new(
            new Hash256(Bytes(random, 32)),
            (Reason)Small(random),
            random.Next(2) == 0 ? null : new Verdict((Reason)Small(random), Any(random), Any(random), Small(random)))
        {
            Statements = [.. Enumerable.Range(0, random.Next(3)).Select(_ => RandomStatement(random))],
            Served = [.. Enumerable.Range(0, random.Next(3)).Select(_ => RandomServed(random))],
        };
        Pb.Receipt theirs = new() { TransactionId = ByteString.CopyFrom(ours.TransactionId.Bytes), Reason = (uint)ours.Reason };
        if (ours.Verdict is { } verdict)
            theirs.Verdict = new Pb.Verdict { Reason = (uint)verdict.Reason, Units = verdict.Units, Epoch = verdict.Epoch, Service = verdict.Service };
        theirs.Statements.AddRange(ours.Statements.Select(Of));
        theirs.Served.AddRange(ours.Served.Select(Of));
        byte[] bytes = theirs.ToByteArray();

        Assert.Equal(bytes, ours.Encode());
        Assert.Equal(Reason.None, Receipt.TryDecode(bytes, out Receipt? decoded));
        Assert.Equal(ours, decoded);
    }

    private static Statement RandomStatement(Random random) => new(
        new Address(Bytes(random, 20)), Small(random), new EpochWork(Any(random), Small(random), Small(random), Any(random), new Hash256(Bytes(random, 32))) { Usage = new Amount(Any(random)) })
    {
        Pool = RandomShares(random),
        SpendableEpoch = Any(random),
        Earned = new Amount(Any(random)),
        Payments = [.. Enumerable.Range(0, random.Next(3)).Select(_ => new Payment(new Address(Bytes(random, 20)), new Amount(Any(random))))],
    };

    private static PoolShares RandomShares(Random random) => new(new Amount(Any(random)), Any(random), new Amount(Any(random)), new Amount(Any(random)));

    private static ServedWork RandomServed(Random random) =>
        new(new Address(Bytes(random, 20)), Small(random), Any(random), new Credits(Any(random)), new Amount(Any(random)));

    private static Pb.ServedWork Of(ServedWork ours) => new()
    {
        Device = ByteString.CopyFrom(ours.Device.Bytes),
        Service = ours.Service,
        Epoch = ours.Epoch,
        Credits = ours.Credits.Units,
        Usage = ours.Usage.Grains,
    };

    private static Pb.Statement Of(Statement ours)
    {
        Pb.Statement theirs = new()
        {
            Device = ByteString.CopyFrom(ours.Device.Bytes),
            Service = ours.Service,
            Epoch = ours.Work.Epoch,
            Accepted = ours.Work.Accepted,
            Rejected = ours.Work.Rejected,
            Units = ours.Work.Units,
            Verdicts = ByteString.CopyFrom(ours.Work.Chain.Bytes),
            PoolAmount = ours.Pool.Coverage.Grains,
            PoolUnits = ours.Pool.Units,
            Earned = ours.Earned.Grains,
            Usage = ours.Work.Usage.Grains,
            PoolUsage = ours.Pool.Usage.Grains,
            PoolUsed = ours.Pool.Used.Grains,
            SpendableEpoch = ours.SpendableEpoch,
        };
        theirs.Payments.AddRange(ours.Payments.Select(
            payment => new Pb.Payment { Account = ByteString.CopyFrom(payment.Account.Bytes), Amount = payment.Amount.Grains }));
        return theirs;
    }

    private static (Pb.Body Theirs, Body Ours) RandomBody(Random random)
    {
        Pb.Body theirs = new() { Sequence = Any(random), ValidUntilMs = Any(random) };
        Address signer = RandomAddress(random);
        Address? feePayer = random.Next(4) == 0 ? RandomAddress(random) : null;
        if (feePayer is { } payer)
            theirs.FeePayer = ByteString.CopyFrom(payer.Bytes);
        Message message = RandomMessage(random, theirs);
        if (message is MintRewards)
            signer = default;
        else
            theirs.Signer = ByteString.CopyFrom(signer.Bytes);
        return (theirs, new Body(signer, theirs.Sequence, theirs.ValidUntilMs, message, feePayer));
    }

    private static Message RandomMessage(Random random, Pb.Body theirs)
    {
        switch (random.Next(16))
        {
            case 15:
                return ProtobufParityKinds.RandomMessage(random, theirs);
            case 12 or 13:
                return ProtobufParityIdentity.RandomMessage(random, theirs);
            case 0:
                Transfer transfer = new(RandomAddress(random), new Amount(Any(random)));
                theirs.Transfer = new Pb.Transfer { To = ByteString.CopyFrom(transfer.To.Bytes), Amount = transfer.Amount.Grains };
                return transfer;
            case 1:
                (theirs.RegisterDevice, RegisterDevice register) = RandomRegistration(random);
                return register;
            case 2:
                (theirs.SubmitProof, SubmitProof proof) = RandomProof(random);
                return proof;
            case 3:
                FundSponsor fund = new(Small(random), new Credits(Any(random)));
                theirs.FundSponsor = new Pb.FundSponsor { Service = fund.Service, Credits = fund.Credits.Units };
                return fund;
            case 4:
                (theirs.BurnForCredits, BurnForCredits burn) = RandomBurn(random);
                return burn;
            case 5:
                (theirs.OpenChannel, OpenChannel open) = RandomOpening(random);
                return open;
            case 6:
                (Pb.SignedVoucher theirVoucher, SignedVoucher ourVoucher) = RandomVoucher(random);
                theirs.RedeemVoucher = new Pb.RedeemVoucher { Voucher = theirVoucher };
                return new RedeemVoucher(ourVoucher);
            case 7:
                CloseChannel close = new(new ChannelId(Bytes(random, 20)));
                theirs.CloseChannel = new Pb.CloseChannel { Channel = ByteString.CopyFrom(close.Channel.Bytes) };
                return close;
            case 8:
                (Pb.SignedVoucher theirFirst, SignedVoucher ourFirst) = RandomVoucher(random);
                (Pb.SignedVoucher? theirSecond, SignedVoucher? ourSecond) = random.Next(2) == 0 ? (null, null) : RandomVoucher(random);
                theirs.DisputeChannel = new Pb.DisputeChannel { Voucher = theirFirst, Contradiction = theirSecond };
                return new DisputeChannel(ourFirst, ourSecond);
            case 9:
                SubmitPrice price = new(Any(random), Any(random));
                theirs.SubmitPrice = new Pb.SubmitPrice { Price = price.Price, ObservedMs = price.ObservedMs };
                return price;
            case 10:
                return StakeMessages.Random(random, theirs);
            case 11:
                return GovernanceMessages.Random(random, theirs);
            default:
                PoolMint[] pools =
                    [.. Enumerable.Range(0, random.Next(4)).Select(_ => RandomPool(random))];
                ValidatorMint[] validators =
                    [.. Enumerable.Range(0, random.Next(3)).Select(_ => new ValidatorMint(RandomAddress(random), new Amount(Any(random))))];
                MintRewards mint = new(Any(random), new Amount(Any(random)), pools)
                {
                    Validators = [.. validators],
                    Scheduled = new Amount(Any(random)),
                    Net = new Amount(Any(random)),
                    FloorPpm = Small(random),
                    Price = Any(random),
                };
                theirs.MintRewards = new Pb.MintRewards
                {
                    Epoch = mint.Epoch,
                    Treasury = mint.Treasury.Grains,
                    Scheduled = mint.Scheduled.Grains,
                    Net = mint.Net.Grains,
                    FloorPpm = mint.FloorPpm,
                    Price = mint.Price,
                };
                theirs.MintRewards.Pools.AddRange(pools.Select(Of));
                theirs.MintRewards.Validators.AddRange(validators.Select(
                    validator => new Pb.ValidatorMint { Validator = ByteString.CopyFrom(validator.Validator.Bytes), Amount = validator.Amount.Grains }));
                return mint;
        }
    }

    private static PoolMint RandomPool(Random random) => new(Small(random), RandomShares(random))
    {
        Weight = Small(random),
        Burned = new Credits(Any(random)),
        BurnedValue = new Amount(Any(random)),
        Demand = new Amount(Any(random)),
        Floor = new Amount(Any(random)),
        Share = new Amount(Any(random)),
    };

    private static Pb.PoolMint Of(PoolMint ours) => new()
    {
        Service = ours.Service,
        Amount = ours.Shares.Coverage.Grains,
        Units = ours.Shares.Units,
        Weight = ours.Weight,
        Burned = ours.Burned.Units,
        Usage = ours.Shares.Usage.Grains,
        Used = ours.Shares.Used.Grains,
        BurnedValue = ours.BurnedValue.Grains,
        Demand = ours.Demand.Grains,
        Floor = ours.Floor.Grains,
        Share = ours.Share.Grains,
    };

    private static (Pb.RegisterDevice Theirs, RegisterDevice Ours) RandomRegistration(Random random)
    {
        KeyScheme scheme = (KeyScheme)random.Next(1, 3);
        Signature attestation = new(scheme, Bytes(random, scheme.PublicKeySize()), Bytes(random, 64));
        RegisterDevice ours = new(
            scheme, Bytes(random, scheme.PublicKeySize()), Small(random), new Attestation(RandomAddress(random), Small(random), attestation),
            Signed(random), Signed(random), Signed(random));
        Pb.RegisterDevice theirs = new()
        {
            DeviceScheme = (Pb.KeyScheme)scheme,
            DevicePublicKey = ByteString.CopyFrom(ours.DevicePublicKey.Span),
            Service = ours.Service,
            Manufacturer = ByteString.CopyFrom(ours.Attestation!.Manufacturer.Bytes),
            Attestation = new Pb.Signature
            {
                Scheme = (Pb.KeyScheme)scheme,
                PublicKey = ByteString.CopyFrom(attestation.PublicKey.Span),
                Signature_ = ByteString.CopyFrom(attestation.Value.Span),
            },
            LatitudeE7 = ours.LatitudeE7,
            LongitudeE7 = ours.LongitudeE7,
            AltitudeCm = ours.AltitudeCm,
            Batch = ours.Attestation.Batch,
        };
        return (theirs, ours);
    }

    private static (Pb.SubmitProof Theirs, SubmitProof Ours) RandomProof(Random random)
    {
        Pb.SubmitProof radio = new() { Service = Small(random), ObservedMs = Any(random) };
        Hash256 hash = new(Bytes(random, 32));
        switch (random.Next(5))
        {
            case 4:
                return (radio, new SubmitProof(radio.Service, radio.ObservedMs, ProtobufParityKinds.RandomPayload(random, radio)));
            case 1:
                RadioBeacon beacon = new(Any(random), Any(random), hash);
                radio.RadioBeacon = new Pb.RadioBeacon { SlotMs = beacon.SlotMs, FrequencyHz = beacon.FrequencyHz, Commitment = ByteString.CopyFrom(hash.Bytes) };
                return (radio, new SubmitProof(radio.Service, radio.ObservedMs, beacon));
            case 2:
                RadioWitness witness = new(RandomAddress(random), Any(random), Signed(random), hash);
                radio.RadioWitness = new Pb.RadioWitness
                {
                    Beaconer = ByteString.CopyFrom(witness.Beaconer.Bytes),
                    FrequencyHz = witness.FrequencyHz,
                    RssiCentiDbm = witness.RssiCentiDbm,
                    Mark = ByteString.CopyFrom(hash.Bytes),
                };
                return (radio, new SubmitProof(radio.Service, radio.ObservedMs, witness));
            case 3:
                radio.RadioReveal = new Pb.RadioReveal { Secret = ByteString.CopyFrom(hash.Bytes) };
                return (radio, new SubmitProof(radio.Service, radio.ObservedMs, new RadioReveal(hash)));
        }
        Measurement[] measurements =
            [.. Enumerable.Range(0, random.Next(17)).Select(_ => new Measurement(Small(random), unchecked((long)Any(random))))];
        SubmitProof ours = new(Small(random), Any(random), new SensorReading(measurements));
        Pb.SubmitProof theirs = new() { Service = ours.Service, ObservedMs = ours.ObservedMs, SensorReading = new Pb.SensorReading() };
        theirs.SensorReading.Measurements.AddRange(measurements.Select(m => new Pb.Measurement { Metric = m.Metric, Value = m.Value }));
        return (theirs, ours);
    }

    private static (Pb.BurnForCredits Theirs, BurnForCredits Ours) RandomBurn(Random random)
    {
        Address? account = random.Next(2) == 0 ? RandomAddress(random) : null;
        BurnForCredits ours = new(new Amount(Any(random)), account, Small(random), new Credits(Any(random)));
        Pb.BurnForCredits theirs = new() { Amount = ours.Amount.Grains, Sponsor = ours.Sponsor, CreditsMin = ours.CreditsMin.Units };
        if (account is { } receiver)
            theirs.Account = ByteString.CopyFrom(receiver.Bytes);
        return (theirs, ours);
    }

    private static (Pb.OpenChannel Theirs, OpenChannel Ours) RandomOpening(Random random)
    {
        Address? device = random.Next(2) == 0 ? RandomAddress(random) : null;
        OpenChannel ours = new(Small(random), new Credits(Any(random)), device, Any(random));
        Pb.OpenChannel theirs = new() { Service = ours.Service, Credits = ours.Credits.Units, ExpiresMs = ours.ExpiresMs };
        if (device is { } only)
            theirs.Device = ByteString.CopyFrom(only.Bytes);
        return (theirs, ours);
    }

    private static (Pb.SignedVoucher Theirs, SignedVoucher Ours) RandomVoucher(Random random)
    {
        Voucher voucher = new(
            new ChannelId(Bytes(random, 20)), RandomAddress(random), Any(random), new Credits(Any(random)), new Hash256(Bytes(random, 32)));
        (Pb.Signature theirPayer, Signature ourPayer) = RandomSignature(random);
        (Pb.Signature theirDevice, Signature ourDevice) = RandomSignature(random);
        Pb.SignedVoucher theirs = new()
        {
            Voucher = new Pb.Voucher
            {
                Channel = ByteString.CopyFrom(voucher.Channel.Bytes),
                Device = ByteString.CopyFrom(voucher.Device.Bytes),
                Nonce = voucher.Nonce,
                Credits = voucher.Credits.Units,
                Receipt = ByteString.CopyFrom(voucher.Receipt.Bytes),
            },
            Payer = theirPayer,
            Device = theirDevice,
        };
        return (theirs, new SignedVoucher(voucher, ourPayer, ourDevice));
    }

    private static (Pb.Signature Theirs, Signature Ours) RandomSignature(Random random)
    {
        KeyScheme scheme = (KeyScheme)random.Next(1, 3);
        Signature ours = new(scheme, Bytes(random, scheme.PublicKeySize()), Bytes(random, 64));
        Pb.Signature theirs = new()
        {
            Scheme = (Pb.KeyScheme)scheme,
            PublicKey = ByteString.CopyFrom(ours.PublicKey.Span),
            Signature_ = ByteString.CopyFrom(ours.Value.Span),
        };
        return (theirs, ours);
    }

    // Numbers of every length, the ends of the range included.
    internal static ulong Any(Random random) => random.Next(8) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => 1UL << random.Next(64),
        _ => (ulong)random.NextInt64() >> random.Next(64),
    };

    internal static uint Small(Random random) => random.Next(8) == 0 ? uint.MaxValue : (uint)random.Next() >> random.Next(32);

    internal static int Signed(Random random) => random.Next(8) switch
    {
        0 => 0,
        1 => int.MinValue,
        2 => int.MaxValue,
        _ => random.Next() - random.Next(),
    };

    internal static Address RandomAddress(Random random) => new(Bytes(random, 20));

    internal static byte[] Bytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
