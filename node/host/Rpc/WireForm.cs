using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Protos.V1;
using AppChain.Storage;
using Google.Protobuf;
using Wire = AppChain.Protos.V1;

namespace AppChain.Node.Rpc;

/// <summary>The ledger's and consensus's records as clients see them.</summary>
public static class WireForm
{
    public static ByteString Bytes(Hash256 hash) => ByteString.CopyFrom(hash.Bytes);

    public static ByteString Bytes(Crypto.Address address) => ByteString.CopyFrom(address.Bytes);

    private static ByteString Bytes(Digest digest) => UnsafeByteOperations.UnsafeWrap(digest.ToArray());

    public static Wire.Receipt Of(Ledger.Receipt receipt)
    {
        Wire.Receipt wire = new() { TransactionId = Bytes(receipt.TransactionId), Reason = (uint)receipt.Reason };
        if (receipt.Verdict is { } verdict)
            wire.Verdict = new Wire.Verdict { Reason = (uint)verdict.Reason, Units = verdict.Units, Epoch = verdict.Epoch, Service = verdict.Service };
        wire.Statements.AddRange(receipt.Statements.Select(Of));
        wire.Served.AddRange(receipt.Served.Select(Of));
        if (receipt.Shadow is { } shadow)
            wire.Shadow = new Wire.Verdict { Reason = (uint)shadow.Reason, Units = shadow.Units, Epoch = shadow.Epoch, Service = shadow.Service };
        return wire;
    }

    private static Wire.ServedWork Of(Ledger.ServedWork served) => new()
    {
        Device = Bytes(served.Device),
        Service = served.Service,
        Epoch = served.Epoch,
        Credits = served.Credits.Units,
        Usage = served.Usage.Grains,
    };

    private static Wire.Statement Of(Ledger.Statement statement)
    {
        Wire.Statement wire = new()
        {
            Device = Bytes(statement.Device),
            Service = statement.Service,
            Epoch = statement.Work.Epoch,
            Accepted = statement.Work.Accepted,
            Rejected = statement.Work.Rejected,
            Units = statement.Work.Units,
            Verdicts = Bytes(statement.Work.Chain),
            PoolAmount = statement.Pool.Coverage.Grains,
            PoolUnits = statement.Pool.Units,
            Earned = statement.Earned.Grains,
            Usage = statement.Work.Usage.Grains,
            PoolUsage = statement.Pool.Usage.Grains,
            PoolUsed = statement.Pool.Used.Grains,
            SpendableEpoch = statement.SpendableEpoch,
        };
        wire.Payments.AddRange(statement.Payments.Select(static payment => new Wire.Payment { Account = Bytes(payment.Account), Amount = payment.Amount.Grains }));
        if (statement.Shadow is { } shadow)
            wire.Shadow = new ShadowWork { Accepted = shadow.Accepted, Rejected = shadow.Rejected, Units = shadow.Units, Verdicts = Bytes(shadow.Chain) };
        return wire;
    }

    /// <summary>Name and sentence of what went wrong, empty when nothing did.</summary>
    public static (string Reason, string Explanation) Words(Ledger.Receipt receipt) => receipt.EffectiveReason == Reason.None
        ? ("", "")
        : (receipt.EffectiveReason.Name(), receipt.EffectiveReason.Explanation());

    public static TransactionRecord Of(FinalTransaction transaction)
    {
        (string reason, string explanation) = Words(transaction.Receipt);
        TransactionRecord record = new()
        {
            Receipt = Of(transaction.Receipt),
            Height = transaction.Location.Height,
            Index = (uint)transaction.Location.Index,
            Reason = reason,
            Explanation = explanation,
        };
        if (!transaction.Encoded.IsEmpty)
            record.Transaction = Wire.Transaction.Parser.ParseFrom(transaction.Encoded.Span);
        return record;
    }

    public static Wire.Block Of(StoredBlock stored, Header header, ReadOnlyMemory<byte> finalization)
    {
        return new Wire.Block
        {
            Header = Client.HeaderForm.Of(header),
            HeaderBytes = UnsafeByteOperations.UnsafeWrap(stored.Header),
            Hash = Bytes(header.Hash),
            Payload = Wire.BlockPayload.Parser.ParseFrom(stored.Payload.Span),
            Certificate = UnsafeByteOperations.UnsafeWrap(finalization),
        };
    }

    public static Wire.Device Of(DeviceView view, ulong height)
    {
        DeviceRecord device = view.Device;
        Wire.Device wire = new()
        {
            Address = Bytes(view.Address),
            Owner = Bytes(device.Owner),
            Manufacturer = device.Manufacturer is { } manufacturer ? Bytes(manufacturer) : ByteString.Empty,
            Batch = device.Batch,
            Scheme = (Wire.KeyScheme)device.Scheme,
            PublicKey = UnsafeByteOperations.UnsafeWrap(device.PublicKey),
            LatitudeE7 = device.LatitudeE7,
            LongitudeE7 = device.LongitudeE7,
            AltitudeCm = device.AltitudeCm,
            NextSequence = device.Window.Next,
            RegisteredMs = device.RegisteredMs,
            MovedMs = device.MovedMs,
            Revoked = view.Revoked,
            Height = height,
        };
        wire.Payees.AddRange(device.Payees.Select(static payee => new Wire.Payee { Account = Bytes(payee.Account), SharePpm = payee.SharePpm }));
        for (int i = 0; i < device.Enrollments.Length; i++)
            wire.Enrollments.Add(RulesForm.WithBatch(Of(device.Enrollments[i], view.Unsettled[i], view.LastObservedMs[i]), device.Enrollments[i], view.Batches[i]));
        return wire;
    }

    private static Wire.Enrollment Of(Ledger.Enrollment enrollment, Amount unsettled, ulong lastObservedMs) => new()
    {
        Service = enrollment.Service,
        Leaving = enrollment.Leaving,
        Bond = enrollment.Bond.Grains,
        ProofsAccepted = enrollment.Accepted,
        ProofsRejected = enrollment.Rejected,
        Epoch = enrollment.UnitsEpoch,
        Units = enrollment.Units,
        Settled = enrollment.Settled.Grains,
        Unsettled = unsettled.Grains,
        LastObservedMs = lastObservedMs,
    };

    public static Manufacturer Of(Crypto.Address address, ManufacturerRecord record)
    {
        Manufacturer wire = new() { Address = Bytes(address), Name = record.Name, Admin = Bytes(record.Admin) };
        wire.Roots.AddRange(record.Roots.Select(static root => new Wire.ManufacturerRoot
        {
            Scheme = (Wire.KeyScheme)root.Scheme,
            PublicKey = UnsafeByteOperations.UnsafeWrap(root.PublicKey),
        }));
        return wire;
    }

    public static Wire.Service Of(ServiceView view)
    {
        Ledger.ServiceDefinition definition = view.Service.Definition;
        Wire.Service service = new()
        {
            Id = view.Service.Id,
            Name = definition.Name,
            Kind = ProofKinds.NameOf(definition.Kind),
            Epoch = view.Epoch,
            EpochUnits = view.EpochUnits,
            IntervalMinMs = definition.IntervalMinMs,
            MaxAgeMs = definition.MaxAgeMs,
            DriftMs = definition.DriftMs,
            Owner = view.Service.Owner is { } owner ? Bytes(owner) : ByteString.Empty,
            Bond = view.Service.Bond.Grains,
            RewardWeight = view.Service.RewardWeight,
            Definition = Of(definition),
            Pending = view.Pending is { } pending ? Of(pending) : null,
            SponsorQuota = view.Sponsor?.QuotaPerEpoch.Units ?? 0,
            SponsorCredits = view.Sponsor?.Credits.Units ?? 0,
            EpochBurned = view.EpochBurned.Units,
        };
        service.Metrics.AddRange(service.Definition.Metrics);
        service.Candidate = RulesForm.Of(view);
        return service;
    }

    internal static Wire.ServiceDefinition Of(Ledger.ServiceDefinition definition)
    {
        Wire.ServiceDefinition wire = new()
        {
            Name = definition.Name,
            Kind = (uint)definition.Kind,
            RulesVersion = definition.RulesVersion,
            IntervalMinMs = definition.IntervalMinMs,
            MaxAgeMs = definition.MaxAgeMs,
            DriftMs = definition.DriftMs,
            ConstancyMax = definition.ConstancyMax,
            AttestationRequired = definition.AttestationRequired,
            DeviceBond = definition.DeviceBond.Grains,
            Price = definition.Price.Units,
            KindParameters = UnsafeByteOperations.UnsafeWrap(definition.KindParameters),
            Endpoint = definition.Endpoint,
        };
        wire.Manufacturers.AddRange(definition.Manufacturers.Select(Bytes));
        wire.Metrics.AddRange(definition.Metrics.Select(static rule => new Metric
        {
            Id = rule.Id,
            Name = rule.Name,
            Unit = rule.Unit,
            Minimum = rule.Minimum,
            Maximum = rule.Maximum,
            JumpBase = rule.JumpBase,
            JumpPerMinute = rule.JumpPerMinute,
        }));
        return wire;
    }

    public static Wire.Supply Of(SupplyView view, ulong height) => new()
    {
        Genesis = view.Supply.Genesis.Grains,
        Minted = view.Supply.Minted.Grains,
        Burned = view.Supply.Burned.Grains,
        CreditsIssued = view.Supply.CreditsIssued.Units,
        CreditsSpent = view.Supply.CreditsSpent.Units,
        Treasury = view.Treasury.Grains,
        Epoch = view.Epochs.Open,
        EpochsMinted = view.Epochs.Minted,
        Height = height,
    };
}
