using System.Numerics;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Model;

/// <summary>
/// docs/validators.md a second time, as plainly as it can be said: every position is visited when an epoch is minted, what leaves is a list, the set is
/// chosen after every block. No accumulators, no queues, no records, no keys of a state. It must agree with the executor.
/// </summary>
internal sealed class PlainStake
{
    private readonly Genesis genesis;
    private readonly Dictionary<string, Address> owners = [];
    private readonly List<(ulong DueMs, ulong Epoch)> ended = [];
    private readonly BigInteger allocated;
    private List<PlainSeat> next;
    private ulong rewardEpoch;

    public PlainStake(Genesis genesis)
    {
        this.genesis = genesis;
        foreach (GenesisAccount account in genesis.Accounts)
            Balances[account.Address] = account.Balance.Grains;
        foreach (GenesisValidator validator in genesis.Validators)
        {
            PlainValidator plain = new(validator.Operator, Hex(validator.PublicKey)) { Stake = validator.Stake.Grains };
            plain.Positions[validator.Operator] = new PlainPosition { Shares = plain.Stake };
            owners[plain.Key] = validator.Operator;
            Validators[validator.Operator] = plain;
            Seats.Add(new PlainSeat(plain.Key, validator.Power));
        }
        next = Seats;
        allocated = Balances.Values.Concat(Validators.Values.Select(validator => validator.Stake)).Aggregate(BigInteger.Add);
    }

    public Dictionary<Address, BigInteger> Balances { get; } = [];

    public Dictionary<Address, PlainValidator> Validators { get; } = [];

    /// <summary>What was let go and is not paid yet, the oldest first.</summary>
    public List<PlainLeaving> Leaving { get; } = [];

    public List<PlainSeat> Seats { get; private set; } = [];

    public BigInteger Treasury { get; private set; }

    public BigInteger Minted { get; private set; }

    public ulong Epoch { get; private set; }

    public ulong EvidenceFrom { get; private set; }

    public static string Hex(ReadOnlyMemory<byte> key) => Convert.ToHexStringLower(key.Span);

    /// <summary>Executes a block; returns what each transaction's receipt must say.</summary>
    public List<Reason> Execute(BlockContext block, IEnumerable<Transaction> transactions)
    {
        Mint(block.TimeMs);
        foreach (ushort seat in block.Missed)
            TakeTurn(Seats[seat], block.TimeMs, missed: true);
        TakeTurn(Seats[block.Proposer!.Value], block.TimeMs, missed: false);
        if (block.Height % (ulong)Of(Parameter.ValidatorEpochBlocks) == 0)
            EndEpoch(block.TimeMs);
        PayWhatIsDue(block.TimeMs);
        List<Reason> reasons = [];
        foreach (Transaction transaction in transactions)
        {
            reasons.Add(Perform(transaction.Body.Signer, transaction.Body.Message, block.TimeMs));
            Tidy();
        }
        next = Choose();
        return reasons;
    }

    private BigInteger Of(Parameter parameter) => genesis.Parameters[parameter];

    private BigInteger Part(BigInteger whole, Parameter ppm) => whole * Of(ppm) / Parameters.Million;

    private PlainValidator? Behind(PlainSeat seat) => Validators.GetValueOrDefault(owners[seat.Key]);

    private void Mint(ulong nowMs)
    {
        ulong epoch = (nowMs - genesis.TimeMs) / (ulong)Of(Parameter.EpochMs);
        if (epoch <= rewardEpoch)
            return;
        BigInteger halved = Of(Parameter.RewardPerEpoch) >> (int)(rewardEpoch / (ulong)Of(Parameter.EpochsPerHalving));
        BigInteger reward = BigInteger.Min(halved, Of(Parameter.SupplyMax) - allocated - Minted);
        BigInteger share = Part(reward - Part(reward, Parameter.TreasuryShare), Parameter.ValidatorsShare);
        BigInteger all = Seats.Aggregate(BigInteger.Zero, (sum, seat) => sum + (Behind(seat)?.Stake ?? 0));
        foreach (PlainValidator validator in Seats.Select(Behind).OfType<PlainValidator>())
        {
            BigInteger turns = validator.Led + validator.Absent;
            BigInteger took = turns.IsZero ? Parameters.Million : validator.Led * Parameters.Million / turns;
            if (validator.Standing == ValidatorStanding.Good && !validator.Stake.IsZero)
                Reward(validator, share * validator.Stake / all * took / Parameters.Million);
            (validator.Led, validator.Absent) = (0, 0);
        }
        rewardEpoch = epoch;
    }

    private void Reward(PlainValidator validator, BigInteger reward)
    {
        Minted += reward;
        BigInteger commission = reward * validator.Commission / Parameters.Million;
        if (!commission.IsZero)
            Balances[validator.Operator] = Balances.GetValueOrDefault(validator.Operator) + commission;
        validator.Rewards += reward - commission;
        BigInteger ofShare = ((reward - commission) << 64) / validator.Shares;
        foreach (PlainPosition position in validator.Positions.Values)
            position.Earned += position.Shares * ofShare;
    }

    private void TakeTurn(PlainSeat seat, ulong nowMs, bool missed)
    {
        if (Behind(seat) is not { } validator)
            return;
        validator.Window.Add(missed);
        (validator.Led, validator.Absent) = missed ? (validator.Led, validator.Absent + 1) : (validator.Led + 1, validator.Absent);
        BigInteger window = Of(Parameter.AbsenceWindow);
        bool tooMany = validator.Window.Count(turn => turn) * (BigInteger)Parameters.Million > Of(Parameter.AbsenceMax) * window;
        if (tooMany && validator.Standing == ValidatorStanding.Good && MayGo(validator))
            (validator.Standing, validator.JailedUntilMs) = (ValidatorStanding.Jailed, nowMs + (ulong)Of(Parameter.JailMs));
        if (tooMany || validator.Window.Count >= window)
            validator.Window.Clear();
    }

    // The others are a quorum, and bear a fault.
    private bool MayGo(PlainValidator absent)
    {
        PlainSeat[] staying = [.. Seats.Where(seat => Behind(seat) is { Standing: ValidatorStanding.Good } other && other != absent)];
        return staying.Length >= 4 && Power(staying) * 3 > Power(Seats) * 2;
    }

    private static BigInteger Power(IEnumerable<PlainSeat> seats) => seats.Aggregate(BigInteger.Zero, (sum, seat) => sum + seat.Power);

    private void EndEpoch(ulong nowMs)
    {
        Address[] staying = [.. next.Select(seat => owners[seat.Key])];
        foreach (PlainValidator leaver in Seats.Select(Behind).OfType<PlainValidator>().Where(validator => !staying.Contains(validator.Operator)))
            (leaver.Led, leaver.Absent) = (0, 0);
        ended.Add((nowMs + (ulong)Of(Parameter.UnbondingMs), Epoch));
        Epoch++;
        Seats = next;
    }

    private void PayWhatIsDue(ulong nowMs)
    {
        foreach (PlainLeaving leaving in Leaving.Where(leaving => leaving.DueMs <= nowMs).Take((int)Of(Parameter.BlockValidators)).ToList())
        {
            PlainValidator validator = leaving.Validator;
            bool answers = !leaving.Free && validator.Standing == ValidatorStanding.Tombstoned && leaving.Epoch >= validator.OffenceEpoch;
            BigInteger taken = answers ? Part(leaving.Amount, Parameter.SlashEquivocation) : 0;
            Treasury += taken;
            Balances[leaving.Account] += leaving.Amount - taken;
            Leaving.Remove(leaving);
            Tidy();
        }
        foreach ((ulong dueMs, ulong epoch) in ended.Where(one => one.DueMs <= nowMs))
            EvidenceFrom = epoch + 1;
        ended.RemoveAll(one => one.DueMs <= nowMs);
    }

    private Reason Perform(Address signer, Message message, ulong nowMs) => !Balances.TryGetValue(signer, out BigInteger balance)
        ? Reason.UnknownAccount
        : message switch
        {
            Transfer transfer => Send(signer, transfer.To, transfer.Amount.Grains, balance),
            BondStake { ConsensusKey.IsEmpty: false } bond => Found(signer, bond, balance),
            BondStake bond => Delegate(signer, signer, bond.Amount.Grains, balance),
            DelegateStake delegation => Delegate(signer, delegation.Validator, delegation.Amount.Grains, balance),
            UnbondStake unbond => Unbond(signer, unbond.Validator, unbond.Amount.Grains, nowMs),
            UpdateValidator update => Update(signer, update),
            SubmitEvidence evidence => Report(signer, Hex(evidence.ConsensusKey), new EvidenceVotes(evidence.Evidence.Span).Epoch, nowMs),
            _ => Unjail(signer, nowMs),
        };

    private Reason Send(Address from, Address to, BigInteger amount, BigInteger balance)
    {
        if (balance < amount)
            return Reason.InsufficientBalance;
        Balances[from] -= amount;
        Balances[to] = Balances.GetValueOrDefault(to) + amount;
        return Reason.None;
    }

    private Reason Found(Address signer, BondStake bond, BigInteger balance)
    {
        string key = Hex(bond.ConsensusKey);
        if (Validators.TryGetValue(signer, out PlainValidator? known))
            return known.Standing == ValidatorStanding.Tombstoned ? Reason.ValidatorTombstoned : Reason.AlreadyValidator;
        if (owners.ContainsKey(key))
            return Reason.ConsensusKeyTaken;
        if (bond.Amount.Grains < Of(Parameter.StakeMin))
            return Reason.StakeBelowMinimum;
        if (balance < bond.Amount.Grains)
            return Reason.InsufficientBalance;
        owners[key] = signer;
        Validators[signer] = new PlainValidator(signer, key) { Commission = bond.Profile.CommissionPpm };
        Bond(signer, Validators[signer], bond.Amount.Grains);
        return Reason.None;
    }

    private Reason Delegate(Address signer, Address to, BigInteger amount, BigInteger balance)
    {
        Reason reason = InOffice(to, out PlainValidator? validator);
        if (reason == Reason.None && balance < amount)
            reason = Reason.InsufficientBalance;
        if (reason == Reason.None)
            Bond(signer, validator!, amount);
        return reason;
    }

    private Reason Unbond(Address signer, Address from, BigInteger amount, ulong nowMs)
    {
        if (!Validators.TryGetValue(from, out PlainValidator? validator) || !validator.Positions.TryGetValue(signer, out PlainPosition? position))
            return Reason.NothingBonded;
        BigInteger worth = validator.WorthOf(position);
        if (amount > worth)
            return Reason.MoreThanBonded;
        Settle(signer, validator, position);
        BigInteger going = amount.IsZero ? worth : amount;
        BigInteger shares = going == worth ? position.Shares : ((going * validator.Shares) + validator.Stake - 1) / validator.Stake;
        position.Shares -= shares;
        validator.Stake -= going;
        if (position.Shares.IsZero)
            validator.Positions.Remove(signer);
        if (!going.IsZero)
            Leave(validator, signer, going, Epoch, free: validator.Standing == ValidatorStanding.Tombstoned, nowMs);
        return Reason.None;
    }

    private Reason Update(Address signer, UpdateValidator update)
    {
        Reason reason = InOffice(signer, out PlainValidator? validator);
        if (reason != Reason.None)
            return reason;
        string key = Hex(update.ConsensusKey);
        if (owners.ContainsKey(key))
            return Reason.ConsensusKeyTaken;
        BigInteger commission = update.Profile.CommissionPpm;
        if (commission != validator!.Commission && validator.CommissionChangedIn == rewardEpoch)
            return Reason.CommissionChangedAlready;
        if (BigInteger.Abs(commission - validator.Commission) > Of(Parameter.CommissionChangeMax))
            return Reason.CommissionChangeTooLarge;
        if (key != "" && validator.KeyChangedIn == rewardEpoch)
            return Reason.KeyChangedAlready;
        if (commission != validator.Commission)
            (validator.Commission, validator.CommissionChangedIn) = (commission, rewardEpoch);
        if (key != "")
        {
            (validator.Key, validator.KeyChangedIn) = (key, rewardEpoch);
            owners[key] = signer;
        }
        return Reason.None;
    }

    private Reason Report(Address signer, string key, ulong epoch, ulong nowMs)
    {
        if (!owners.TryGetValue(key, out Address offender) || !Validators.TryGetValue(offender, out PlainValidator? validator))
            return Reason.UnknownValidator;
        bool isOut = validator.Standing == ValidatorStanding.Tombstoned;
        if (isOut && epoch >= validator.OffenceEpoch)
            return Reason.ValidatorTombstoned;
        if (epoch < EvidenceFrom || epoch > Epoch)
            return Reason.EvidenceOutOfTime;
        validator.OffenceEpoch = epoch;
        if (isOut)
            return Reason.None;
        BigInteger taken = Part(validator.Stake, Parameter.SlashEquivocation);
        BigInteger reward = Part(taken, Parameter.ReporterShare);
        validator.Stake -= taken;
        validator.Standing = ValidatorStanding.Tombstoned;
        validator.JailedUntilMs = 0;
        Treasury += taken - reward;
        if (!reward.IsZero)
            Leave(validator, signer, reward, epoch, free: true, nowMs);
        return Reason.None;
    }

    private Reason Unjail(Address signer, ulong nowMs)
    {
        Reason reason = InOffice(signer, out PlainValidator? validator);
        if (reason != Reason.None)
            return reason;
        if (validator!.Standing != ValidatorStanding.Jailed)
            return Reason.NotJailed;
        if (nowMs < validator.JailedUntilMs)
            return Reason.StillJailed;
        (validator.Standing, validator.JailedUntilMs) = (ValidatorStanding.Good, 0);
        validator.Window.Clear();
        return Reason.None;
    }

    private Reason InOffice(Address address, out PlainValidator? validator) =>
        !Validators.TryGetValue(address, out validator) ? Reason.UnknownValidator
        : validator.Standing == ValidatorStanding.Tombstoned ? Reason.ValidatorTombstoned
        : Reason.None;

    private void Bond(Address account, PlainValidator validator, BigInteger amount)
    {
        if (!validator.Positions.TryGetValue(account, out PlainPosition? position))
            validator.Positions.Add(account, position = new PlainPosition());
        Settle(account, validator, position);
        Balances[account] -= amount;
        position.Shares += amount;
        validator.Stake += amount;
    }

    private void Settle(Address account, PlainValidator validator, PlainPosition position)
    {
        Balances[account] += position.Reward;
        validator.Rewards -= position.Reward;
        position.Earned = 0;
    }

    private void Leave(PlainValidator validator, Address account, BigInteger amount, ulong epoch, bool free, ulong nowMs) =>
        Leaving.Add(new PlainLeaving(validator, account, amount, epoch, free, nowMs + (ulong)Of(Parameter.UnbondingMs)));

    // A validator with which nobody has anything any more ends; what flooring left of its rewards is the treasury's.
    private void Tidy()
    {
        foreach (PlainValidator validator in Validators.Values.Where(IsEmpty).ToList())
        {
            Treasury += validator.Rewards;
            validator.Rewards = 0;
            if (validator.Standing != ValidatorStanding.Tombstoned)
                Validators.Remove(validator.Operator);
        }
    }

    private bool IsEmpty(PlainValidator validator) => validator.Positions.Count == 0 && Leaving.All(leaving => leaving.Validator != validator);

    private List<PlainSeat> Choose()
    {
        List<PlainSeat> chosen =
        [
            .. Validators.Values.Where(validator => validator.Standing == ValidatorStanding.Good && validator.Stake >= Of(Parameter.StakeMin))
                .OrderByDescending(validator => validator.Stake).ThenBy(validator => validator.Operator)
                .Take((int)Of(Parameter.ValidatorsMax))
                .Select(validator => new PlainSeat(validator.Key, validator.Stake / Amount.GrainsPerToken)),
        ];
        return chosen.Count == 0 || chosen.ToHashSet().SetEquals(Seats) ? Seats : chosen;
    }
}
