using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Model;

/// <summary>
/// The rules of manufacturers, devices, enrolments and payouts a second time, as plainly as they can be said: every device is visited when an epoch
/// ends and when a deadline comes. Nothing costs a fee here, for <see cref="PlainLedger"/> has those. It must agree with the executor.
/// </summary>
internal sealed class PlainIdentity
{
    private const uint Million = 1_000_000;

    private readonly Genesis genesis;
    private ulong openEpoch;
    private UInt128 minted;

    public PlainIdentity(Genesis genesis)
    {
        this.genesis = genesis;
        foreach (GenesisAccount account in genesis.Accounts)
            Accounts[account.Address] = new PlainAccount { Balance = account.Balance.Grains };
        foreach (ManufacturerRecord maker in genesis.Manufacturers)
            Manufacturers[maker.FirstAddress] = new PlainManufacturer { Admin = maker.Admin, Roots = RootsOf(maker.Roots) };
    }

    public Dictionary<Address, PlainAccount> Accounts { get; } = [];

    public Dictionary<Address, PlainManufacturer> Manufacturers { get; } = [];

    public Dictionary<Address, PlainOwnedDevice> Devices { get; } = [];

    /// <summary>Every key that a device took up after its registration, and the device.</summary>
    public Dictionary<Address, Address> LaterKeys { get; } = [];

    /// <summary>Executes a block; returns what each transaction's receipt must say.</summary>
    public List<Reason> Execute(ulong nowMs, IEnumerable<Transaction> transactions)
    {
        CloseEpoch(nowMs);
        EndWithdrawals(nowMs);
        return [.. transactions.Select(transaction => Execute(transaction, nowMs))];
    }

    public bool IsRevoked(PlainOwnedDevice device) =>
        device.RevokedMs != 0 || (device.Manufacturer is { } maker && Manufacturers[maker].RevokedBatches.Contains(device.Batch));

    private Reason Execute(Transaction transaction, ulong nowMs)
    {
        Body body = transaction.Body;
        if (nowMs > body.ValidUntilMs)
            return Reason.Expired;
        PlainNumbers numbers = Accounts.GetValueOrDefault(body.Signer)?.Numbers ?? new();
        if (body.Message is SubmitProof)
        {
            if (!Devices.TryGetValue(body.Signer, out PlainOwnedDevice? device))
                return Reason.UnknownDevice;
            if (transaction.Signatures[0].Signer != device.Key)
                return Reason.NotTheDevicesKey;
            if (IsRevoked(device))
                return Reason.DeviceRevoked;
            numbers = device.Numbers;
        }
        Reason reason = numbers.Check(body.Sequence);
        if (reason == Reason.None)
            reason = Admit(body);
        if (reason != Reason.None)
            return reason;
        if (body.Message is not SubmitProof)
            numbers = AccountOf(body.Signer).Numbers;
        numbers.Use(body.Sequence);
        return Perform(body, nowMs);
    }

    private Reason Admit(Body body) => body.Message switch
    {
        Transfer when !Accounts.ContainsKey(body.Signer) => Reason.UnknownAccount,
        RegisterDevice register => AdmitRegistration(register, body.Signer),
        EnrollDevice enroll => AdmitEnrolment(enroll, body.Signer),
        WithdrawDevice withdraw => AdmitWithdrawal(withdraw, body.Signer),
        RotateDeviceKey rotate => AdmitRotation(rotate, body.Signer),
        AssertLocation assert => CheckOwner(assert.Device, body.Signer),
        TransferDevice transfer => CheckOwner(transfer.Device, body.Signer),
        SetPayout payout => CheckOwner(payout.Device, body.Signer),
        RevokeDevices revoke => AdmitRevocation(revoke, body.Signer),
        UpdateManufacturer update => CheckAdmin(update.Manufacturer, body.Signer),
        _ => Reason.None,
    };

    private Reason CheckOwner(Address device, Address signer)
    {
        if (!Devices.TryGetValue(device, out PlainOwnedDevice? found))
            return Reason.NoSuchDevice;
        return found.Owner == signer ? Reason.None : Reason.NotTheOwner;
    }

    private Reason CheckVouchedFor(Address device, Address signer)
    {
        Reason reason = CheckOwner(device, signer);
        return reason == Reason.None && IsRevoked(Devices[device]) ? Reason.DeviceRevoked : reason;
    }

    private Reason CheckAdmin(Address manufacturer, Address signer)
    {
        if (!Manufacturers.TryGetValue(manufacturer, out PlainManufacturer? found))
            return Reason.UnknownManufacturer;
        return found.Admin == signer ? Reason.None : Reason.NotTheManufacturer;
    }

    private Reason CheckWord(Attestation word, Address key)
    {
        if (!Manufacturers.TryGetValue(word.Manufacturer, out PlainManufacturer? maker))
            return Reason.UnknownManufacturer;
        if (!maker.Roots.Contains(word.Signature.Signer))
            return Reason.AttestationNotByRoot;
        return maker.RevokedBatches.Contains(word.Batch) || maker.RevokedKeys.Contains(key) ? Reason.DeviceRevoked : Reason.None;
    }

    private Reason CheckAccepted(uint service, Address? manufacturer)
    {
        ServiceDefinition definition = Service(service)!.Definition;
        if (!definition.AttestationRequired)
            return Reason.None;
        if (manufacturer is null)
            return Reason.AttestationRequired;
        return definition.Manufacturers.Contains(manufacturer.Value) ? Reason.None : Reason.ManufacturerNotAccepted;
    }

    private Reason AdmitRegistration(RegisterDevice register, Address signer)
    {
        if (register.Attestation is { } word && CheckWord(word, register.Device) is var reason and not Reason.None)
            return reason;
        if (Service(register.Service) is not { } service)
            return Reason.UnknownService;
        reason = CheckAccepted(register.Service, register.Attestation?.Manufacturer);
        if (reason != Reason.None)
            return reason;
        if (Devices.ContainsKey(register.Device))
            return Reason.DeviceAlreadyRegistered;
        if (LaterKeys.ContainsKey(register.Device))
            return Reason.DeviceKeyInUse;
        if (!Accounts.ContainsKey(signer) && register.Attestation is null)
            return Reason.UnknownAccount;
        return BalanceOf(signer) >= service.Definition.DeviceBond.Grains ? Reason.None : Reason.DeviceBondNotCovered;
    }

    private Reason AdmitEnrolment(EnrollDevice enroll, Address signer)
    {
        Reason reason = CheckVouchedFor(enroll.Device, signer);
        if (reason != Reason.None)
            return reason;
        PlainOwnedDevice device = Devices[enroll.Device];
        if (Service(enroll.Service) is not { } service)
            return Reason.UnknownService;
        if (device.Enrolments.ContainsKey(enroll.Service))
            return Reason.AlreadyEnrolled;
        reason = CheckAccepted(enroll.Service, device.Manufacturer);
        if (reason != Reason.None)
            return reason;
        return BalanceOf(signer) >= service.Definition.DeviceBond.Grains ? Reason.None : Reason.DeviceBondNotCovered;
    }

    private Reason AdmitWithdrawal(WithdrawDevice withdraw, Address signer)
    {
        Reason reason = CheckOwner(withdraw.Device, signer);
        if (reason != Reason.None)
            return reason;
        if (!Devices[withdraw.Device].Enrolments.TryGetValue(withdraw.Service, out PlainEnrolment? enrolment))
            return Reason.NotEnrolled;
        return enrolment.LeavesMs is null ? Reason.None : Reason.AlreadyLeaving;
    }

    private Reason AdmitRotation(RotateDeviceKey rotate, Address signer)
    {
        Reason reason = CheckVouchedFor(rotate.Device, signer);
        if (reason != Reason.None)
            return reason;
        PlainOwnedDevice device = Devices[rotate.Device];
        Address key = KeyOf(rotate);
        if (Devices.ContainsKey(key) || LaterKeys.ContainsKey(key))
            return Reason.DeviceKeyInUse;
        if (rotate.Attestation is not { } word)
            return device.Manufacturer is null ? Reason.None : Reason.AttestationRequired;
        return word.Manufacturer == device.Manufacturer && word.Batch == device.Batch ? CheckWord(word, key) : Reason.AttestationOfAnotherBatch;
    }

    private Reason AdmitRevocation(RevokeDevices revoke, Address signer)
    {
        Reason reason = CheckAdmin(revoke.Manufacturer, signer);
        if (reason != Reason.None)
            return reason;
        PlainManufacturer maker = Manufacturers[revoke.Manufacturer];
        if (revoke.Device is not { } key)
            return maker.RevokedBatches.Contains(revoke.Batch) ? Reason.AlreadyRevoked : Reason.None;
        if (DeviceOf(key) is not { } device)
            return maker.RevokedKeys.Contains(key) ? Reason.AlreadyRevoked : Reason.None;
        if (device.Manufacturer != revoke.Manufacturer)
            return Reason.NotTheManufacturer;
        return device.RevokedMs == 0 ? Reason.None : Reason.AlreadyRevoked;
    }

    private Reason Perform(Body body, ulong nowMs)
    {
        Address signer = body.Signer;
        switch (body.Message)
        {
            case Transfer transfer:
                if (BalanceOf(signer) < transfer.Amount.Grains)
                    return Reason.InsufficientBalance;
                Pay(signer, transfer.To, transfer.Amount.Grains);
                return Reason.None;
            case RegisterDevice register:
                Devices.Add(register.Device, New(register, signer, nowMs));
                Enrol(Devices[register.Device], register.Service, notBeforeMs: 0);
                return Reason.None;
            case EnrollDevice enroll:
                Enrol(Devices[enroll.Device], enroll.Service, nowMs);
                return Reason.None;
            case WithdrawDevice withdraw:
                PlainEnrolment leaving = Devices[withdraw.Device].Enrolments[withdraw.Service];
                Settle(Devices[withdraw.Device], leaving);
                leaving.LeavesMs = nowMs + genesis.Parameters[Parameter.WithdrawalDelayMs];
                return Reason.None;
            case AssertLocation assert:
                (Devices[assert.Device].Place, Devices[assert.Device].MovedMs) = ((assert.LatitudeE7, assert.LongitudeE7, assert.AltitudeCm), nowMs);
                return Reason.None;
            case TransferDevice transfer:
                if (BalanceOf(transfer.Buyer) < transfer.Price.Grains)
                    return Reason.BuyerCannotPay;
                PlainOwnedDevice sold = Devices[transfer.Device];
                SettleAll(sold);
                Pay(transfer.Buyer, signer, transfer.Price.Grains);
                (sold.Owner, sold.Payees) = (transfer.Buyer, []);
                return Reason.None;
            case SetPayout payout:
                SettleAll(Devices[payout.Device]);
                Devices[payout.Device].Payees = [.. payout.Payees];
                return Reason.None;
            case RotateDeviceKey rotate:
                (Devices[rotate.Device].Key, Devices[rotate.Device].Scheme) = (KeyOf(rotate), rotate.Scheme);
                LaterKeys.Add(KeyOf(rotate), rotate.Device);
                return Reason.None;
            case RevokeDevices { Device: { } key } revoke:
                if (DeviceOf(key) is { } revoked)
                    revoked.RevokedMs = nowMs;
                else
                    Manufacturers[revoke.Manufacturer].RevokedKeys.Add(key);
                return Reason.None;
            case RevokeDevices revoke:
                Manufacturers[revoke.Manufacturer].RevokedBatches.Add(revoke.Batch);
                return Reason.None;
            case UpdateManufacturer update:
                (Manufacturers[update.Manufacturer].Admin, Manufacturers[update.Manufacturer].Roots) = (update.Admin, RootsOf(update.Roots));
                return Reason.None;
            case SubmitProof proof:
                return Prove(Devices[signer], proof, nowMs);
            default:
                throw new InvalidOperationException($"The model does not know {body.Message}.");
        }
    }

    private static PlainOwnedDevice New(RegisterDevice register, Address owner, ulong nowMs) => new()
    {
        Owner = owner,
        Manufacturer = register.Attestation?.Manufacturer,
        Batch = register.Attestation?.Batch ?? 0,
        Key = register.Device,
        Scheme = register.DeviceScheme,
        Place = (register.LatitudeE7, register.LongitudeE7, register.AltitudeCm),
        RegisteredMs = nowMs,
        MovedMs = nowMs,
    };

    private void Enrol(PlainOwnedDevice device, uint service, ulong notBeforeMs)
    {
        ulong bond = Service(service)!.Definition.DeviceBond.Grains;
        AccountOf(device.Owner).Balance -= bond;
        device.Enrolments.Add(service, new PlainEnrolment
        {
            Sensor = new PlainDevice { Owner = device.Owner, Service = service },
            NotBeforeMs = notBeforeMs,
            Bond = bond,
        });
    }

    private Reason Prove(PlainOwnedDevice device, SubmitProof proof, ulong nowMs)
    {
        if (!device.Enrolments.TryGetValue(proof.Service, out PlainEnrolment? enrolment) || enrolment.LeavesMs is not null)
            return Reason.WrongService;
        Settle(device, enrolment);
        bool tooEarly = enrolment.NotBeforeMs > 0 && proof.ObservedMs <= enrolment.NotBeforeMs;
        Reason verdict = tooEarly ? Reason.OutOfOrder : enrolment.Sensor.Judge(Service(proof.Service)!, proof, nowMs);
        enrolment.Judged = true;
        if (verdict == Reason.None)
            (enrolment.Units, enrolment.Accepted) = (enrolment.Units + Million, enrolment.Accepted + 1);
        else
            enrolment.Rejected++;
        return verdict;
    }

    private void SettleAll(PlainOwnedDevice device)
    {
        foreach (PlainEnrolment enrolment in device.Enrolments.Values)
            Settle(device, enrolment);
    }

    // Each payee has its share, rounded down; what is left is the owner's.
    private void Settle(PlainOwnedDevice device, PlainEnrolment enrolment)
    {
        UInt128 left = enrolment.Unsettled;
        foreach (Payee payee in device.Payees)
        {
            UInt128 share = enrolment.Unsettled * payee.SharePpm / Million;
            if (share > 0)
                AccountOf(payee.Account).Balance += share;
            left -= share;
        }
        if (left > 0)
            AccountOf(device.Owner).Balance += left;
        enrolment.Settled += enrolment.Unsettled;
        enrolment.Unsettled = 0;
    }

    // The service of a device that leaves while the epoch of its last verdict is open waits one more delay.
    private void EndWithdrawals(ulong nowMs)
    {
        foreach (PlainOwnedDevice device in Devices.Values)
        {
            foreach ((uint service, PlainEnrolment enrolment) in device.Enrolments.Where(entry => entry.Value.LeavesMs <= nowMs).ToList())
            {
                Settle(device, enrolment);
                if (enrolment.Judged)
                {
                    enrolment.LeavesMs = nowMs + genesis.Parameters[Parameter.WithdrawalDelayMs];
                    continue;
                }
                if (enrolment.Bond > 0)
                    AccountOf(device.Owner).Balance += enrolment.Bond;
                device.Enrolments.Remove(service);
            }
        }
    }

    // Everybody's share is fixed at once.
    private void CloseEpoch(ulong nowMs)
    {
        ParametersRecord parameters = genesis.Parameters;
        ulong now = (nowMs - genesis.TimeMs) / parameters.EpochMs;
        if (now == openEpoch)
            return;
        List<PlainEnrolment> all = [.. Devices.Values.SelectMany(device => device.Enrolments.Values).Where(enrolment => enrolment.Units > 0)];
        ServiceRecord[] worked = [.. genesis.Services.Where(service => all.Any(enrolment => enrolment.Sensor.Service == service.Id))];
        UInt128 allocated = genesis.Accounts.Aggregate((UInt128)0, (sum, account) => sum + account.Balance.Grains);
        UInt128 halved = parameters.RewardPerEpoch.Grains >> (int)Math.Min(openEpoch / parameters.EpochsPerHalving, 63);
        UInt128 reward = worked.Length == 0 ? 0 : UInt128.Min(halved, parameters.SupplyMax.Grains - allocated - minted);
        UInt128 forServices = reward - (reward * parameters.TreasurySharePpm / Million);
        UInt128 weights = worked.Aggregate((UInt128)0, (sum, service) => sum + service.RewardWeight);
        foreach (ServiceRecord service in worked)
        {
            UInt128 pool = forServices * service.RewardWeight / weights;
            PlainEnrolment[] workers = [.. all.Where(enrolment => enrolment.Sensor.Service == service.Id)];
            UInt128 units = workers.Aggregate((UInt128)0, (sum, worker) => sum + worker.Units);
            foreach (PlainEnrolment worker in workers)
                worker.Unsettled += pool * worker.Units / units;
        }
        foreach (PlainEnrolment enrolment in Devices.Values.SelectMany(device => device.Enrolments.Values))
            (enrolment.Units, enrolment.Judged) = (0, false);
        minted += reward;
        openEpoch = now;
    }

    private void Pay(Address from, Address to, UInt128 amount)
    {
        if (amount == 0)
            return;
        AccountOf(from).Balance -= amount;
        AccountOf(to).Balance += amount;
    }

    // A key that a device took up later stands for that device.
    private PlainOwnedDevice? DeviceOf(Address key) => Devices.GetValueOrDefault(LaterKeys.GetValueOrDefault(key, key));

    private ServiceRecord? Service(uint id) => genesis.Services.FirstOrDefault(service => service.Id == id);

    private UInt128 BalanceOf(Address account) => Accounts.GetValueOrDefault(account)?.Balance ?? 0;

    private PlainAccount AccountOf(Address address)
    {
        if (!Accounts.TryGetValue(address, out PlainAccount? account))
            Accounts.Add(address, account = new PlainAccount());
        return account;
    }

    private static Address KeyOf(RotateDeviceKey rotate) => Address.Of(rotate.Scheme, rotate.PublicKey.Span);

    private static HashSet<Address> RootsOf(IEnumerable<ManufacturerRoot> roots) =>
        [.. roots.Select(root => Address.Of(root.Scheme, root.PublicKey.Span))];
}
