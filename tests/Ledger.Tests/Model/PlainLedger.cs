using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Model;

/// <summary>
/// The rules of fees, tokens, registrations, readings and rewards a second time, as plainly as they can be said: sets of used numbers instead of
/// windows, every device visited when an epoch ends, no pools, no encodings. It must agree with the executor.
/// </summary>
internal sealed class PlainLedger
{
    private readonly Genesis genesis;
    private readonly Dictionary<TransactionClass, ulong> executed = [];
    private ulong openEpoch;
    private UInt128 minted;

    public PlainLedger(Genesis genesis)
    {
        this.genesis = genesis;
        foreach (GenesisAccount account in genesis.Accounts)
            Accounts[account.Address] = new PlainAccount { Balance = account.Balance.Grains, Credits = account.Credits.Units };
        foreach (GenesisSponsor sponsor in genesis.Sponsors)
            Sponsors[sponsor.Service] = new PlainSponsor { Credits = sponsor.Credits.Units, Quota = sponsor.QuotaPerEpoch.Units };
    }

    public Dictionary<Address, PlainAccount> Accounts { get; } = [];

    public Dictionary<Address, PlainDevice> Devices { get; } = [];

    public Dictionary<uint, PlainSponsor> Sponsors { get; } = [];

    /// <summary>The treasury, and what is in pools but will be no device's.</summary>
    public UInt128 Treasury { get; private set; }

    public UInt128 CreditsSpent { get; private set; }

    /// <summary>Executes a block; returns what each transaction's receipt must say.</summary>
    public List<Reason> Execute(ulong nowMs, IEnumerable<Transaction> transactions)
    {
        CloseEpoch(nowMs);
        executed.Clear();
        return [.. transactions.Select(transaction => Execute(transaction, nowMs))];
    }

    private Reason Execute(Transaction transaction, ulong nowMs)
    {
        Body body = transaction.Body;
        ParametersRecord parameters = genesis.Parameters;
        if (nowMs > body.ValidUntilMs)
            return Reason.Expired;
        if (body.ValidUntilMs > nowMs + parameters.TransactionLifetimeMaxMs)
            return Reason.ValidUntilTooFar;
        bool ofDevice = body.Message is SubmitProof;
        if (ofDevice && !Devices.ContainsKey(body.Signer))
            return Reason.UnknownDevice;
        PlainNumbers numbers = ofDevice ? Devices[body.Signer].Numbers : Accounts.GetValueOrDefault(body.Signer)?.Numbers ?? new();
        Reason reason = numbers.Check(body.Sequence);
        if (reason == Reason.None)
            reason = Admit(body);
        if (reason == Reason.None)
            reason = FindPayer(transaction, out _, out _);
        if (reason != Reason.None)
            return reason;

        TransactionClass of = body.Message switch
        {
            RegisterDevice => TransactionClass.Identity,
            SubmitProof => TransactionClass.Proofs,
            _ => TransactionClass.Tokens,
        };
        if (executed.GetValueOrDefault(of) == parameters[Enum.Parse<Parameter>($"Block{of}")])
            return Reason.BlockFull;
        executed[of] = executed.GetValueOrDefault(of) + 1;

        Charge(transaction);
        (ofDevice ? Devices[body.Signer].Numbers : AccountOf(body.Signer).Numbers).Use(body.Sequence);
        return Perform(body, nowMs);
    }

    private Reason Admit(Body body) => body.Message switch
    {
        Transfer or FundSponsor when !Accounts.ContainsKey(body.Signer) => Reason.UnknownAccount,
        FundSponsor fund when genesis.Services.All(service => service.Id != fund.Service) => Reason.UnknownService,
        RegisterDevice register => AdmitRegistration(register),
        _ => Reason.None,
    };

    private Reason AdmitRegistration(RegisterDevice register)
    {
        if (genesis.Manufacturers.All(maker => maker.FirstAddress != register.Attestation!.Manufacturer))
            return Reason.UnknownManufacturer;
        if (genesis.Services.FirstOrDefault(service => service.Id == register.Service) is not { } service)
            return Reason.UnknownService;
        if (!service.Manufacturers.Contains(register.Attestation!.Manufacturer))
            return Reason.ManufacturerNotAccepted;
        return Devices.ContainsKey(register.Device) ? Reason.DeviceAlreadyRegistered : Reason.None;
    }

    private ulong FeeOf(Transaction transaction)
    {
        ulong perCredit = genesis.Parameters[Parameter.FeeBytesPerCredit];
        ulong ofBytes = perCredit == 0 ? 0 : (ulong)Math.Ceiling((decimal)transaction.Encoded.Length / perCredit);
        return ofBytes + genesis.Parameters[transaction.Body.Message switch
        {
            RegisterDevice => Parameter.FeeIdentity,
            SubmitProof => Parameter.FeeProofs,
            _ => Parameter.FeeTokens,
        }];
    }

    private Reason FindPayer(Transaction transaction, out PlainSponsor? sponsor, out Address account)
    {
        Body body = transaction.Body;
        ulong fee = FeeOf(transaction);
        account = body.FeePayer ?? body.Signer;
        sponsor = null;
        if (fee == 0)
            return Reason.None;
        uint? service = body.Message switch
        {
            RegisterDevice register => register.Service,
            SubmitProof proof when Devices[body.Signer].Service == proof.Service => proof.Service,
            _ => null,
        };
        Reason otherwise = Reason.InsufficientCredits;
        if (body.FeePayer is null && service is { } of && Sponsors.TryGetValue(of, out PlainSponsor? found))
        {
            ulong used = body.Message is SubmitProof ? Devices[body.Signer].SponsoredIn.GetValueOrDefault(openEpoch) : 0;
            if (used + fee > found.Quota)
                otherwise = Reason.SponsorQuotaExceeded;
            else if (fee > found.Credits)
                otherwise = Reason.SponsorEmpty;
            else
                sponsor = found;
        }
        bool payable = sponsor is not null || (Accounts.GetValueOrDefault(account)?.Credits ?? 0) >= fee;
        return payable ? Reason.None : otherwise;
    }

    private void Charge(Transaction transaction)
    {
        ulong fee = FeeOf(transaction);
        if (fee == 0)
            return;
        FindPayer(transaction, out PlainSponsor? sponsor, out Address account);
        if (sponsor is null)
            AccountOf(account).Credits -= fee;
        else
            sponsor.Credits -= fee;
        if (sponsor is not null && transaction.Body.Message is SubmitProof)
        {
            Dictionary<ulong, ulong> sponsored = Devices[transaction.Body.Signer].SponsoredIn;
            sponsored[openEpoch] = sponsored.GetValueOrDefault(openEpoch) + fee;
        }
        CreditsSpent += fee;
    }

    private Reason Perform(Body body, ulong nowMs)
    {
        PlainAccount signer = body.Message is SubmitProof ? new() : AccountOf(body.Signer);
        switch (body.Message)
        {
            case Transfer transfer when signer.Balance < transfer.Amount.Grains:
                return Reason.InsufficientBalance;
            case Transfer transfer:
                signer.Balance -= transfer.Amount.Grains;
                AccountOf(transfer.To).Balance += transfer.Amount.Grains;
                return Reason.None;
            case FundSponsor fund when signer.Credits < fund.Credits.Units:
                return Reason.TooFewCredits;
            case FundSponsor fund:
                signer.Credits -= fund.Credits.Units;
                if (!Sponsors.TryGetValue(fund.Service, out PlainSponsor? sponsor))
                    Sponsors.Add(fund.Service, sponsor = new PlainSponsor { Quota = genesis.Parameters[Parameter.SponsorQuota] });
                sponsor.Credits += fund.Credits.Units;
                return Reason.None;
            case RegisterDevice register:
                Devices.Add(register.Device, new PlainDevice { Owner = body.Signer, Service = register.Service });
                return Reason.None;
            case SubmitProof proof:
                PlainDevice device = Devices[body.Signer];
                if (proof.Service != device.Service)
                    return Reason.WrongService; // no enrolment is touched, so nothing is settled
                AccountOf(device.Owner).Balance += device.Unsettled;
                device.Settled += device.Unsettled;
                device.Unsettled = 0;
                return Judge(device, proof, nowMs);
            default:
                throw new InvalidOperationException($"The model does not know {body.Message}.");
        }
    }

    private Reason Judge(PlainDevice device, SubmitProof proof, ulong nowMs)
    {
        ServiceRecord service = genesis.Services.Single(one => one.Id == proof.Service);
        Reason verdict = device.Judge(service, proof, nowMs);
        if (verdict == Reason.None)
            device.UnitsIn[openEpoch] = device.UnitsIn.GetValueOrDefault(openEpoch) + SensorReading.UnitsPerReading;
        return verdict;
    }

    // Everybody's share is fixed at once: the treasury gets its share and all that is left over.
    private void CloseEpoch(ulong nowMs)
    {
        ParametersRecord parameters = genesis.Parameters;
        ulong now = (nowMs - genesis.TimeMs) / parameters.EpochMs;
        if (now == openEpoch)
            return;
        List<(ServiceRecord Service, List<PlainDevice> Devices)> workers =
        [
            .. genesis.Services
                .Select(service => (service, Devices.Values.Where(device => device.Service == service.Id && device.UnitsIn.ContainsKey(openEpoch)).ToList()))
                .Where(entry => entry.Item2.Count > 0),
        ];
        UInt128 allocated = genesis.Accounts.Aggregate((UInt128)0, (sum, account) => sum + account.Balance.Grains);
        UInt128 halved = parameters.RewardPerEpoch.Grains / UInt128.Parse(System.Numerics.BigInteger.Pow(2, (int)Math.Min(openEpoch / parameters.EpochsPerHalving, 100)).ToString());
        UInt128 reward = workers.Count == 0 ? 0 : UInt128.Min(halved, parameters.SupplyMax.Grains - allocated - minted);
        UInt128 forServices = reward - reward * parameters.TreasurySharePpm / 1_000_000;
        UInt128 weights = workers.Aggregate((UInt128)0, (sum, entry) => sum + entry.Service.RewardWeight);
        UInt128 left = reward;
        foreach ((ServiceRecord service, List<PlainDevice> devices) in workers)
        {
            UInt128 amount = forServices * service.RewardWeight / weights;
            UInt128 units = devices.Aggregate((UInt128)0, (sum, device) => sum + device.UnitsIn[openEpoch]);
            foreach (PlainDevice device in devices)
            {
                UInt128 share = amount * device.UnitsIn[openEpoch] / units;
                device.Unsettled += share;
                left -= share;
            }
        }
        minted += reward;
        Treasury += left;
        openEpoch = now;
    }

    private PlainAccount AccountOf(Address address)
    {
        if (!Accounts.TryGetValue(address, out PlainAccount? account))
            Accounts.Add(address, account = new PlainAccount());
        return account;
    }
}
