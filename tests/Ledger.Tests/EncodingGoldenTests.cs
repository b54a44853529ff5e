using System.Collections.Immutable;
using System.Text;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Ledger.Location;

namespace AppChain.Tests.Ledger;

/// <summary>The bytes that nodes agree on. A difference here is a different chain: it needs a new version, not a new golden file.</summary>
public class EncodingGoldenTests
{
    private static readonly Address Someone = new([.. Enumerable.Range(1, 20).Select(i => (byte)i)]);
    private static readonly Address Other = new([.. Enumerable.Range(101, 20).Select(i => (byte)i)]);
    private static readonly byte[] Key32 = [.. Enumerable.Range(0, 32).Select(i => (byte)(0xA0 + i))];
    private static readonly byte[] Key33 = [2, .. Key32];
    private static readonly byte[] Sig64 = [.. Enumerable.Range(0, 64).Select(i => (byte)(0xFF - i))];

    private static readonly ChannelId Channel = new([.. Enumerable.Range(201, 20).Select(i => (byte)i)]);

    private static readonly SignedVoucher Voucher = new(
        new Voucher(Channel, Other, 3, new Credits(400), new Hash256(Key32)),
        new Signature(KeyScheme.Secp256k1, Key32, Sig64),
        new Signature(KeyScheme.P256, Key33, Sig64));

    private static readonly Statement Paid = new(Someone, 7, new EpochWork(3, 2, 1, 2_000_000, new Hash256(Key32)) { Usage = new Amount(30) })
    {
        Pool = new PoolShares(new Amount(500), 4_000_000, new Amount(60), new Amount(90)),
        Earned = new Amount(250),
        Payments = [new Payment(Other, new Amount(50)), new Payment(Someone, new Amount(200))],
    };

    private static readonly ServiceRecord Service = new()
    {
        Id = 7,
        Owner = Someone,
        Bond = new Amount(5),
        RewardWeight = 3,
        Definition = Definition,
    };

    private static ServiceDefinition Definition => new()
    {
        Name = "air-quality",
        Kind = ProofKind.SensorTelemetry,
        IntervalMinMs = 100,
        MaxAgeMs = 60_000,
        DriftMs = 2_000,
        ConstancyMax = 9,
        DeviceBond = new Amount(6),
        Price = new Credits(7),
        KindParameters = new byte[] { 1, 2, 3 },
        Endpoint = "https://air.example/",
        Manufacturers = [Someone, Other],
        Metrics =
        [
            new MetricRule(1, "PM10", "µg/m³", -1, 1_999_900, 50_000, 20_000),
            new MetricRule(2, "T", "°C", long.MinValue, long.MaxValue, ulong.MaxValue, 0),
        ],
    };

    private static readonly DeviceRecord Device = new()
    {
        Owner = Someone,
        Manufacturer = Other,
        Batch = 3,
        Scheme = KeyScheme.P256,
        PublicKey = Key33,
        LatitudeE7 = -900_000_000,
        LongitudeE7 = 1_800_000_000,
        AltitudeCm = -1,
        Window = new SequenceWindow(70, 0x8000_0000_0000_0001),
        RegisteredMs = 1_700_000_000_000,
        MovedMs = 1_700_000_000_002,
        RevokedMs = 1_700_000_000_003,
        Payees = [new Payee(Someone, 400_000), new Payee(Other, 600_000)],
        Enrollments =
        [
            new Enrollment
            {
                Service = 7,
                NotBeforeMs = 11,
                Leaving = true,
                Bond = new Amount(6),
                Accepted = 60,
                Rejected = 9,
                Work = new EpochWork(4, 12, 3, 12_000_000, Hashing.Sha256([9])) { Usage = new Amount(21) },
                Settled = new Amount(99),
                SponsoredEpoch = 5,
                Sponsored = new Credits(12),
                KindState = new SensorState
                {
                    LastObservedMs = 1_700_000_000_001,
                    SameInARow = 2,
                    LastReading = [new Measurement(1, -5), new Measurement(2, 7)],
                }.Encode(),
            },
            new Enrollment { Service = 8 },
            new Enrollment { Service = 9, Shadow = new EnrollmentShadow(3, new EpochWork(4, 1, 2, 1_000_000, Hashing.Sha256([8])), new byte[] { 5 }), BatchDistrust = 2 },
        ],
    };

    private static readonly ProposalRecord Proposal = new()
    {
        Proposer = Someone,
        Title = "Cheaper proofs µ",
        Action = new SetParameters(new ParameterChange(20, 200), new ParameterChange(24, 0)),
        Deposit = new Amount(100),
        SubmittedMs = 1_700_000_000_001,
        EndMs = 1_700_000_000_002,
        ExecuteMs = 1_700_000_000_003,
        Status = ProposalStatus.Failed,
        Votes = new Tally(new Amount(10), new Amount(11), new Amount(12)),
        Bonded = new Amount(50),
        DepositBurned = true,
        Failure = Reason.ParametersContradict,
    };

    private static readonly DisputeRecord Dispute = new()
    {
        Accuser = Someone,
        Subject = new Subject(SubjectKind.Manufacturer, Other),
        Bond = new Amount(10),
        OpenedMs = 1_700_000_000_001,
        OpenedEpoch = 12,
        AnswerByMs = 1_700_000_000_002,
        DeadlineMs = 1_700_000_000_003,
        Accusation = Hashing.Sha256([7]),
        Answer = Hashing.Sha256([8]),
        Status = DisputeStatus.Guilty,
        Slashed = new Amount(4),
        Previous = 3,
    };

    private static readonly Dictionary<StateKey, StateRecord> Records = new()
    {
        [StateKey.Account(Someone)] = new AccountRecord(new Amount(1_000), new SequenceWindow(3, 0b111), new Credits(8)) { Cost = new CreditCost(new Credits(6), new Amount(70)), Resting = RestingRewards.None.With(9, new Amount(4)) },
        [StateKey.Device(Other)] = Device,
        [StateKey.Manufacturer(Other)] = new ManufacturerRecord("Devnet Sensors", KeyScheme.Secp256k1, Key32),
        [StateKey.Service(7)] = Service,
        [StateKey.ServiceWork(7)] = new ServiceWork(5_000_000, new Credits(13)) { Cost = new Amount(12), Served = new Credits(11), Usage = new Amount(10) },
        [StateKey.Pool(7, 4)] = new PoolRecord(new PoolShares(new Amount(10), 6, new Amount(8), new Amount(7)), new Amount(5), 3, new Amount(2)),
        [StateKey.Sponsor(7)] = new SponsorRecord(new Credits(10), new Credits(11), new Credits(12)),
        [StateKey.Epoch] = new EpochRecord(1_700_000_000_000, 5, 4),
        [StateKey.Supply] = new SupplyRecord(new Amount(1), new Amount(2), new Amount(3), new Credits(4), new Credits(5)),
        [StateKey.Treasury] = new TreasuryRecord(new Amount(77)),
        [StateKey.Parameters] = ParametersRecord.Default.With(KeyValuePair.Create(Parameter.EpochMs, 10_000UL)),
        [StateKey.ServiceDirectory] = new ServiceDirectory([1, 7, uint.MaxValue]),
        [StateKey.Validators] = new ValidatorsRecord([new ValidatorSeat(Key32, 1), new ValidatorSeat(Key32, ulong.MaxValue)]),
        [StateKey.NextValidators] = new ValidatorsRecord([new ValidatorSeat(Key32, 7)]),
        [StateKey.Validator(Someone)] = new ValidatorRecord
        {
            ConsensusKey = Key32,
            Moniker = "Ada",
            NetworkAddress = "192.0.2.7:26601",
            CommissionPpm = 50_000,
            CommissionFrom = 4,
            KeyFrom = 5,
            Stake = new Amount(6_000_000_000),
            Shares = 7_000_000_000,
            Unbonding = new Amount(8),
            Rewards = new Amount(9),
            RewardPerShare = ((UInt128)10 << 64) + 11,
            Standing = ValidatorStanding.Tombstoned,
            JailedUntilMs = 12,
            OffenceEpoch = 13,
            SlashedPpm = 14,
            Turns = 15,
            Missed = 16,
            Led = 17,
            Absent = 18,
        },
        [StateKey.ValidatorDirectory] = new ValidatorDirectory(new Amount(6_000_000_000), 3, [Someone, Other]),
        [StateKey.ConsensusKey(Other)] = new ConsensusKeyRecord(Someone, 4),
        [StateKey.Stake(Other)] = new StakeRecord(new Amount(3), [new StakePosition(Someone, 4, ((UInt128)5 << 64) + 6)]),
        [StateKey.ConsensusEpoch] = new ConsensusEpochRecord(9, 2),
        [StateKey.Governance] = new GovernanceRecord(9, [new OpenProposal(7, Someone, 1_700_000_000_002), new OpenProposal(8, Other, 1_700_000_000_003)]),
        [StateKey.Proposal(7)] = Proposal,
        [StateKey.Ballots(Someone)] = new BallotsRecord(
            [new Ballot(7, VoteChoice.No, new Amount(12)), new Ballot(8, VoteChoice.Abstain, new Amount(13))]),
        [StateKey.Protocol] = new ProtocolRecord(3, new UpgradePlan(1_000, 4)),
        [StateKey.Dispute(5)] = Dispute,
        [StateKey.DisputeCount] = new DisputeCountRecord(5),
        [StateKey.Accused(new Subject(SubjectKind.Device, Other))] = new AccusedRecord(new Amount(9), 2, 5),
        [StateKey.Accused(new Subject(SubjectKind.Manufacturer, Other))] = new AccusedRecord(Amount.Zero, 1, 6),
        [StateKey.Accused(new Subject(SubjectKind.Validator, Other))] = new AccusedRecord(Amount.Zero, 1, 7),
        [StateKey.Turns((QueueKind)1)] = new TurnsRecord([new ServiceLine(7, 4, 9), new ServiceLine(3, 0, 1)]),
        [StateKey.FormerRules(7)] = new FormerRulesRecord(1_700_000_000_000, 1_700_000_000_001, Definition),
        [StateKey.TurnItem((QueueKind)1, 7, 4)] = new TurnItemRecord(12, Key32),
        [StateKey.Queue((QueueKind)1)] = new QueueRecord(4, 9),
        [StateKey.QueueItem((QueueKind)1, 4)] = new QueueItemRecord(1_700_000_000_000, Key32),
        [StateKey.RevokedBatch(Someone, 9)] = new RevocationRecord(1_700_000_000_000),
        [StateKey.RevokedKey(Someone, Other)] = new RevocationRecord(1_700_000_000_001),
        [StateKey.DeviceKey(Other)] = new DeviceKeyRecord(Someone),
        [StateKey.PendingService(7)] = new PendingServiceRecord(Definition),
        [StateKey.Channel(Channel)] = new ChannelRecord
        {
            Payer = Someone,
            Service = 7,
            Device = Other,
            Deposit = new Credits(1_000),
            OpenedMs = 1_700_000_000_000,
            ExpiresMs = 1_700_000_000_009,
            EndsMs = 1_700_000_000_008,
            Closing = true,
            Disputed = true,
            Shares = [new ChannelShare(Other, 3, new Credits(400)), new ChannelShare(Someone, 4, new Credits(5), Barred: true)],
        },
        [StateKey.PriceReporters] = new PriceReporters([Someone, Other]),
        [StateKey.PriceFeed] = new PriceFeed
        {
            Last = 5,
            LastMs = 6,
            Reports = [new PriceReport(Someone, 7, 8), new PriceReport(Other, 9, 10)],
            Samples = [new PriceSample(11, 12)],
        },
        [StateKey.Entropy] = new EntropyRecord([new EntropySlot(60_000, new Hash256(Key32)), new EntropySlot(120_000, Hashing.Sha256([1]))]),
        [StateKey.CoverageGroup(7, Other)] = new CoverageGroup
        {
            Proof = Hashing.Sha256([2]),
            SentMs = 1_700_000_000_001,
            Entropy = new EntropySlot(60_000, new Hash256(Key32)),
            Owner = Someone,
            Place = new GeoPoint(-571_100_000, 22_400_000),
            FrequencyHz = 868_100_000,
            Commitment = Hashing.Sha256([3]),
            Secret = Hashing.Sha256([4]),
            Witnesses = [new CoverageWitness(Other, Hashing.Sha256([5]), 1_700_000_000_002, 9, Hashing.Sha256([6]), Reason.TooNear)],
        },
        [StateKey.CellCount(7, 0x0801_0000_0300_0005)] = new CellCountRecord(3),
        [StateKey.Emission] = new EmissionRecord(new Amount(1), new Amount(2), new Amount(3), 4, new Amount(5), new Amount(6)),
        [StateKey.DeviceRests(Other)] = new DeviceRests(true, [new DeviceRest(9, Someone, new Amount(4))]),
        [StateKey.ServiceDemand(7)] = new ServiceDemand(new Amount(8)),
        [StateKey.Meter(7, Other)] = new MeterRecord
        {
            Feeder = Someone,
            Kind = MeterKind.Solar,
            PeakWatts = 4_000,
            ConnectedMs = 1_700_000_000_000,
            UsualPpm = 900_000,
            ReadSeconds = 1_700_000_100,
            RegisterWh = 5_000,
            ExportedWh = 6,
            Offer = new EnergyOffer(3, 1_700_000_000_009),
            Waiting = [new WaitingReading(1_700_000_000, 7, 8, Hashing.Sha256([7]), 1_700_000_000_001)],
            Lots = [new EnergyLot(1_699_999_900, 9), new EnergyLot(1_700_000_000, 10)],
        },
        [StateKey.SensorSlots(7, Other, 1_700_000_000_000)] = new SensorSlotsRecord
        {
            Cell = 0x0A00_0000_0300_0005,
            Proof = Hashing.Sha256([8]),
            SentMs = 1_700_000_000_001,
            Readings = 5,
            Slot = 3,
            InSlot = 2,
            Sums = [new Measurement(1, -7), new Measurement(2, 9)],
            Filled = [new FilledSlot(0, [1, 2]), new FilledSlot(2, [-3, 4])],
        },
        [StateKey.SensorRoster(7, 0x0A00_0000_0300_0005, 1_700_000_000_000)] = new SensorRosterRecord(60_000, 12, true, [Other, Someone]),
        [StateKey.SensorPast(7, 0x0A00_0000_0300_0005, 1)] = new SensorPastRecord(1_700_000_000_000, [5, null, -6]),
        [StateKey.GridEvent(7, Someone, 1_700_000_100)] = new GridEventRecord(Someone, 3, 400, new Amount(1_500), [new GridShare(Other, 100)]),
        [StateKey.Feeder(7, Someone)] = new FeederRecord(1_700_000_100, [1_700_000_100, 1_700_000_200], [Other, Someone]),
        [StateKey.MapImage(new Hash256(Key32))] = new MapImageRecord
        {
            Service = 7,
            Camera = Other,
            Owner = Someone,
            SentMs = 1_700_000_000_001,
            ObservedMs = 1_700_000_000_000,
            Tile = new MapTile(0x1000_0000_0300_0005, 2, 6),
            Root = Hashing.Sha256([22]),
            Nullifier = Hashing.Sha256([23]),
            Slash = new Amount(6),
            Silence = new Amount(5),
            ReviewPpm = 50_000,
            QualityMin = 200_000,
            Phase = ReviewPhase.Revealing,
            Round = 3,
            EndsMs = 1_700_000_000_009,
            First = 1,
            Reviews = [new ImageReview(Someone, Other, ReviewStage.Silent), new ImageReview(Other, Someone, ReviewStage.Revealed, Hashing.Sha256([24]), 25, Hashing.Sha256([26]), 27)],
        },
        [StateKey.ImageNullifier(7, Hashing.Sha256([23]))] = new ImageNullifierRecord(Hashing.Sha256([24])),
        [StateKey.ImageMemory(7, 9)] = new ImageMemoryRecord(1_800_000_000_000, 1_700_000_000_000, Hashing.Sha256([23]), new MapTile(0x1000_0000_0300_0005, 2, 6)),
        [StateKey.MappingCounts(7)] = new MappingCountsRecord(1, 2, 3),
        [StateKey.Reviewers(7)] = new ReviewersRecord([Other, Someone]),
        [StateKey.MapTile(7, new MapTile(0x1000_0000_0300_0005, 2, 6))] =
            new MapTileRecord(1_700_000_000_000, [new TileDay(19_675, 2, new Credits(3)), new TileDay(19_676, 0, new Credits(4))], [Other, Someone]),
        [StateKey.Deal(new Hash256(Key32))] = new DealRecord
        {
            Client = Someone,
            Service = 7,
            Device = Other,
            Root = Hashing.Sha256([7]),
            Chunks = 1_000,
            ChunkBytes = 1_024,
            Price = new Credits(300),
            WindowsLeft = 28,
            Window = 3,
            OpenedMs = 1_700_000_000_000,
            ClosesMs = 1_700_086_400_000,
            Entropy = Hashing.Sha256([8]),
            Shown = 0x8000_0000_0000_0001,
            Missed = 2,
            Bond = new Amount(6),
            Draws = 64,
            GraceWindows = 2,
            BurnPpm = 50_000,
        },
        [StateKey.OpenWork(Other, 7)] = new OpenWorkRecord(3),
        [StateKey.Job(new Hash256(Key32))] = new JobRecord
        {
            Client = Someone,
            Service = 7,
            Price = new Credits(300),
            Slash = new Amount(6),
            Input = Hashing.Sha256([10]),
            Specification = Hashing.Sha256([11]),
            Seal = Hashing.Sha256([12]),
            Phase = JobPhase.Revealing,
            Round = 3,
            EndsMs = 1_700_000_000_000,
            Replication = Replication.Replicated,
            Wanted = 2,
            SealOpened = true,
            SealedResult = Hashing.Sha256([13]),
            SealedSalt = Hashing.Sha256([14]),
            Asked = 1,
            Workers = [new Worker(Other, Someone, 9), new Worker(Someone, Other, 0)],
            Answers = [new JobAnswer(Other, AnswerStage.Revealed, Hashing.Sha256([15]), 16, Hashing.Sha256([17]), Hashing.Sha256([18]), Hashing.Sha256([19]))],
        },
        [StateKey.Shadow(7)] = new ShadowRecord(3, 2, 4, 5, 4, 6, Definition),
        [StateKey.Shadowed(StateKey.CellCount(7, 9))] = new ShadowedRecord(StateKind.CellCount, new CellCountRecord(3)),
        [StateKey.ProofBatch(7, Other)] = new ProofBatchRecord
        {
            Proof = Hashing.Sha256([2]),
            SentMs = 1_700_000_000_001,
            Root = Hashing.Sha256([3]),
            Count = 1_000,
            FirstMs = 1_600_000_000_001,
            LastMs = 1_600_000_000_002,
            Draws = 90,
            Beacon = new Hash256(Key32),
            Opened = 5,
            Tally = new BatchTally(Reason.None, 4_000_000, new byte[] { 1, 2 }),
            Candidate = 3,
            Shadow = new BatchTally(Reason.TooSoon, 0, new byte[] { 3 }),
        },
        [StateKey.DeviceUsage(Other, 7)] = new DeviceUsage(4, new Credits(5), new Credits(6), new Credits(7)),
    };

    private static readonly Dictionary<string, Message> Messages = new()
    {
        ["transfer"] = new Transfer(Other, new Amount(300)),
        ["register-device"] = new RegisterDevice(
            KeyScheme.P256, Key33, 7, new Attestation(Other, 3, new Signature(KeyScheme.Secp256k1, Key32, Sig64)), -571_100_000, 22_400_000, 0),
        ["submit-proof"] = new SubmitProof(7, 1_700_000_000_001, new SensorReading(new Measurement(1, -5), new Measurement(2, 0))),
        ["submit-radio-beacon"] = new SubmitProof(7, 1_700_000_000_001, new RadioBeacon(1_700_000_000_000, 868_100_000, new Hash256(Key32))),
        ["submit-radio-witness"] = new SubmitProof(7, 1_700_000_000_001, new RadioWitness(Other, 868_100_000, -11_250, new Hash256(Key32))),
        ["submit-radio-reveal"] = new SubmitProof(7, 1_700_000_000_001, new RadioReveal(new Hash256(Key32))),
        ["submit-meter-report"] = new SubmitProof(7, 1_700_000_001_000, new MeterReport(5_000, 6)),
        ["submit-grid-commitment"] = new SubmitProof(7, 1_700_000_001_000, new GridCommitment(1_700_000_100, 400)),
        ["call-grid-event"] = new CallGridEvent(7, Other, 1_700_000_100, 500, 3),
        ["submit-map-image"] = new SubmitProof(7, 1_700_000_001_000, new MapImage(
            2, Hashing.Sha256([22]), Hashing.Sha256([23]),
            [new TrackPoint(1_700_000_000_000, new GeoPoint(-571_100_000, 22_400_000)), new TrackPoint(1_700_000_001_000, new GeoPoint(-571_101_000, 22_400_000))])),
        ["submit-review-commitment"] = new SubmitProof(7, 1_700_000_001_000, new CommitReview(Hashing.Sha256([24]), Hashing.Sha256([25]))),
        ["submit-review"] = new SubmitProof(7, 1_700_000_001_000, new RevealReview(Hashing.Sha256([24]), 800_000, Hashing.Sha256([26]))),
        ["set-reviewer"] = new SetReviewer(Other, 7, true),
        ["buy-tile"] = new BuyTile(7, new MapTile(0x1000_0000_0300_0005, 2, 6), new Credits(300)),
        ["connect-meter"] = new ConnectMeter(Other, 7, Someone, MeterKind.Solar, 4_000),
        ["offer-energy"] = new OfferEnergy(Other, 7, 3, 1_700_000_000_009),
        ["match-energy"] = new MatchEnergy(7, Other, Someone, 1_700_000_000, 500, 4),
        ["submit-proof-batch"] = new SubmitProofBatch(7, new Hash256(Key32), 1_000, 1_600_000_000_001, 1_700_000_000_001),
        ["open-proofs"] = new OpenProofs(7, new OpenedLeaf(new byte[] { 1, 2 }, [new Hash256(Key32), new Hash256(Key32)]), new OpenedLeaf(new byte[] { 3 }, [])),
        ["fund-sponsor"] = new FundSponsor(7, new Credits(300)),
        ["enroll-device"] = new EnrollDevice(Other, 7),
        ["withdraw-device"] = new WithdrawDevice(Other, 7),
        ["assert-location"] = new AssertLocation(Other, -571_100_000, 22_400_000, 5),
        ["transfer-device"] = new TransferDevice(Other, Someone, new Amount(300)),
        ["rotate-device-key"] = new RotateDeviceKey(
            Other, KeyScheme.P256, Key33, new Attestation(Other, 3, new Signature(KeyScheme.Secp256k1, Key32, Sig64))),
        ["set-payout"] = new SetPayout(Other, new Payee(Someone, 400_000), new Payee(Other, 600_000)),
        ["revoke-device"] = new RevokeDevices(Someone, Other, 0),
        ["revoke-batch"] = new RevokeDevices(Someone, null, 9),
        ["update-manufacturer"] = new UpdateManufacturer(Someone, Other, new ManufacturerRoot(KeyScheme.P256, Key33)),
        ["create-service"] = new CreateService(Definition, new Credits(300)),
        ["update-service"] = new UpdateService(7, Definition, new Credits(0)),
        ["burn-for-credits"] = new BurnForCredits(new Amount(300), Other, 0, new Credits(9)),
        ["burn-for-sponsor"] = new BurnForCredits(new Amount(300), Sponsor: 7),
        ["open-channel"] = new OpenChannel(7, new Credits(300), Other, 1_700_000_000_009),
        ["redeem-voucher"] = new RedeemVoucher(Voucher),
        ["close-channel"] = new CloseChannel(Channel),
        ["dispute-channel"] = new DisputeChannel(Voucher, Voucher),
        ["submit-price"] = new SubmitPrice(1_500_000, 1_700_000_000_000),
        ["bond-stake"] = new BondStake(new Amount(300), Key32, new ValidatorProfile("Ada", "192.0.2.7:26601", 50_000)),
        ["unbond-stake"] = new UnbondStake(Other, new Amount(300)),
        ["delegate"] = new DelegateStake(Other, new Amount(300)),
        ["update-validator"] = new UpdateValidator(new ValidatorProfile("Ada", "192.0.2.7:26601", 50_000), Key32),
        ["submit-evidence"] = new SubmitEvidence(Key32, new byte[246]),
        ["unjail"] = new Unjail(),
        ["propose-parameters"] = new Propose("Cheaper proofs µ", new SetParameters(new ParameterChange(20, 200), new ParameterChange(24, 0))),
        ["propose-spending"] = new Propose("Pay the builders", new SpendTreasury(Other, new Amount(300))),
        ["propose-upgrade"] = new Propose("Version 2", new PlanUpgrade(1_000, 2)),
        ["propose-no-upgrade"] = new Propose("Not yet", new CancelUpgrade()),
        ["propose-ruling"] = new Propose("Guilty", new RuleDispute(5, Ruling.Guilty, 500_000)),
        ["propose-reporters"] = new Propose("New reporters", new SetPriceReporters(Other, Someone)),
        ["propose-no-reporters"] = new Propose("No reporters", new SetPriceReporters()),
        ["propose-manufacturer"] = new Propose("A maker", new RegisterManufacturer("Acme", Other, new ManufacturerRoot(KeyScheme.P256, Key33))),
        ["propose-manufacturer-keys"] = new Propose("Lost keys", new ReplaceManufacturer(new UpdateManufacturer(Someone, Other, new ManufacturerRoot(KeyScheme.Secp256k1, Key32)))),
        ["propose-weight"] = new Propose("Pay noise", new SetRewardWeight(7, 300)),
        ["propose-rules"] = new Propose("Tighter air", new SetServiceRules(7, Definition)),
        ["propose-candidate"] = new Propose("Try this", new SetCandidateRules(7, Definition, 30)),
        ["propose-no-candidate"] = new Propose("Enough", new SetCandidateRules(7, null, 0)),
        ["cast-vote"] = new CastVote(300, VoteChoice.Abstain),
        ["accuse"] = new Accuse(new Subject(SubjectKind.Device, Other), new Exhibit(Hashing.Sha256([9]), IsTransaction: false), "It lies about µ."),
        ["accuse-by-transaction"] = new Accuse(new Subject(SubjectKind.Validator, Other), new Exhibit(Hashing.Sha256([9]), IsTransaction: true)),
        ["answer-accusation"] = new AnswerAccusation(5, Hashing.Sha256([10]), "It does not."),
        ["mint-rewards"] = new MintRewards(4, new Amount(5), new PoolMint(1, new PoolShares(new Amount(6), 7, new Amount(12), new Amount(13))) { Weight = 3, Burned = new Credits(11), BurnedValue = new Amount(14), Demand = new Amount(15), Floor = new Amount(21), Share = new Amount(16) }, new PoolMint(7, new PoolShares(new Amount(8), 9, default, default))) { Validators = [new ValidatorMint(Other, new Amount(10))], Scheduled = new Amount(17), Net = new Amount(18), FloorPpm = 19, Price = 20 },
        ["open-deal"] = new OpenDeal(7, Other, new Hash256(Key32), 1_000, 1_024, new Credits(300), 30),
        ["cancel-deal"] = new CancelDeal(new Hash256(Key32)),
        ["submit-storage-proof"] = new SubmitProof(7, 1_700_000_000_001, new StorageProof(
            new Hash256(Key32), 3, [new ShownChunk(0, new byte[] { 1, 2 }, [Hashing.Sha256([1])]), new ShownChunk(9, new byte[] { 3 }, [])])),
        ["post-job"] = new PostJob(7, Hashing.Sha256([20]), Hashing.Sha256([21]), new Credits(300), new Hash256(Key32)),
        ["open-seal"] = new OpenSeal(new Hash256(Key32), Hashing.Sha256([22]), Hashing.Sha256([23])),
        ["submit-compute-offer"] = new SubmitProof(7, 1_700_000_000_001, new ComputeOffer(new Hash256(Key32))),
        ["submit-commit-result"] = new SubmitProof(7, 1_700_000_000_001, new CommitResult(new Hash256(Key32), Hashing.Sha256([24]))),
        ["submit-reveal-result"] = new SubmitProof(7, 1_700_000_000_001, new RevealResult(new Hash256(Key32), Hashing.Sha256([25]), Hashing.Sha256([26]))),
    };

    [Fact]
    public void StateRecords_Encoding_IsGolden()
    {
        StringBuilder text = new();
        foreach ((StateKey key, StateRecord record) in Records.OrderBy(entry => entry.Key))
            text.Append($"{record.GetType().Name} {key} {Convert.ToHexStringLower(record.Encode())}\n");
        GoldenFile.Verify("StateRecords", text.ToString());
    }

    [Fact]
    public void StateRecords_EveryKind_HasAGoldenRecord() =>
        Assert.Equal(Enum.GetValues<StateKind>(), Records.Keys.Order().Select(key => (StateKind)key.Bytes[0]));

    /// <summary>Who adds a kind adds a line to <see cref="StateLayout.All"/>: `appchain inspect` knows it from there.</summary>
    [Fact]
    public void StateLayouts_EveryKind_HasOneThatFitsItsKeyAndRecord()
    {
        Assert.Equal(Enum.GetValues<StateKind>(), StateLayout.All.Select(layout => layout.Kind));
        foreach ((StateKey key, StateRecord record) in Records)
        {
            StateLayout layout = StateLayout.Of(key.Bytes.ToArray())!;
            Assert.Equal(record.GetType(), layout.Decode(record.Encode()).GetType());
            int fixedSize = 1 + layout.Key.Sum(field => field.Part switch
            {
                StateKeyPart.Account or StateKeyPart.Device or StateKeyPart.Validator => Address.Size,
                StateKeyPart.UInt8 => sizeof(byte),
                StateKeyPart.UInt32 => sizeof(uint),
                StateKeyPart.UInt64 => sizeof(ulong),
                _ => 0,
            });
            bool takesTheRest = layout.Key is [.., { Part: StateKeyPart.Bytes }];
            Assert.True(takesTheRest ? fixedSize < key.Bytes.Length : fixedSize == key.Bytes.Length, $"{key} is no {layout.Kind}");
        }
    }

    [Fact]
    public void StateRecords_Decode_GivesTheSameBytesAgain()
    {
        foreach ((StateKey key, StateRecord record) in Records)
        {
            Func<ReadOnlyMemory<byte>, StateRecord> decode = StateLayout.Of(key.Bytes.ToArray())!.Decode;
            byte[] bytes = record.Encode();

            Assert.Equal(bytes, decode(bytes).Encode());
            Assert.Throws<LedgerInvariantException>(() => decode(bytes.AsMemory(0, bytes.Length - 1)));
            Assert.Throws<LedgerInvariantException>(() => decode((byte[])[.. bytes, 0]));
            Assert.Throws<LedgerInvariantException>(() => decode((byte[])[2, .. bytes[1..]]));
        }
    }

    [Fact]
    public void Messages_EncodingAndIds_AreGolden()
    {
        ChainId chain = ChainId.Parse("golden-1");
        StringBuilder text = new();
        foreach ((string name, Message message) in Messages)
        {
            byte[] body = BodyOf(message).Encode();
            text.Append($"{name} {Convert.ToHexStringLower(body)}\n{name} id {Transaction.IdOf(chain, body)}\n");
        }
        text.Append($"attestation {Attestation.DigestOf(Other, 3, KeyScheme.P256, Key33)}\n");
        text.Append($"voucher {Voucher.Voucher.Digest()}\nchannel {ChannelId.OpenedBy(new Hash256(Key32))}\n");
        GoldenFile.Verify("Messages", text.ToString());
    }

    [Fact]
    public void Messages_Decode_GivesTheSameBytesAgain()
    {
        foreach (Message message in Messages.Values)
        {
            byte[] bytes = BodyOf(message).Encode();

            Assert.Equal(Reason.None, Body.TryDecode(bytes, out Body? body));
            Assert.Equal(message.GetType(), body!.Message.GetType());
            Assert.Equal(bytes, body.Encode());
        }
    }

    [Fact]
    public void BlockParts_EncodingAndHashes_AreGolden()
    {
        Batch batch = new(3, 9, [new byte[] { 1, 2, 3 }, new byte[] { 4 }]);
        BlockPayload payload = new(new byte[] { 9, 8 }, [Hashing.Sha256([1]), Hashing.Sha256([2])]);
        Receipt[] receipts =
        [
            new(Hashing.Sha256([3]), Reason.None),
            new(Hashing.Sha256([4]), Reason.InsufficientBalance),
            new(Hashing.Sha256([5]), Reason.None, new Verdict(Reason.None, 1_000_000, 4, 7)) { Statements = [Paid] },
            new(Hashing.Sha256([6]), Reason.None, new Verdict(Reason.JumpTooLarge, 0, 0, 1)),
            new(Hashing.Sha256([7]), Reason.None, new Verdict(Reason.None, 1_000_000, 4, 7)) { Statements = [Paid with { Shadow = Paid.Work }], Shadow = new Verdict(Reason.JumpTooLarge, 0, 4, 7) },
        ];
        StringBuilder text = new();
        text.Append($"batch {Convert.ToHexStringLower(batch.Encode())}\nbatch id {Batch.IdOf(batch.Encode())}\n");
        text.Append($"payload {Convert.ToHexStringLower(payload.Encode())}\npayload hash {payload.Hash()}\n");
        text.Append($"empty payload hash {BlockPayload.Empty.Hash()}\n");
        foreach (Receipt receipt in receipts)
            text.Append($"receipt {Convert.ToHexStringLower(receipt.Encode())}\n");
        text.Append($"receipts root {Receipt.Root(receipts)}\nempty receipts root {Receipt.Root([])}\n");
        GoldenFile.Verify("BlockParts", text.ToString());
    }

    private static Body BodyOf(Message message) =>
        message is MintRewards ? new Body(default, 0, 0, message) : new Body(Someone, 300, 1_700_000_060_000, message);
}
