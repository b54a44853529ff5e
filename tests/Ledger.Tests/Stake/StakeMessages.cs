using AppChain.Crypto;
using AppChain.Ledger;
using Google.Protobuf;
using static AppChain.Tests.Ledger.ProtobufParityTests;
using Pb = AppChain.Protos.V1;

namespace AppChain.Tests.Ledger;

/// <summary>Random messages of validators and stake, in both forms.</summary>
internal static class StakeMessages
{
    private const int EvidenceSize = 246;
    private static readonly string[] Texts = ["", "Ada", "192.0.2.7:26601", "élan ✓"];

    public static Message Random(Random random, Pb.Body theirs)
    {
        ValidatorProfile profile = new(random.GetItems(Texts, 1)[0], random.GetItems(Texts, 1)[0], Small(random));
        byte[] key = Bytes(random, random.Next(2) * 32);
        (Address address, Amount amount) = (RandomAddress(random), new Amount(Any(random)));
        switch (random.Next(6))
        {
            case 0:
                theirs.BondStake = new Pb.BondStake
                {
                    Amount = amount.Grains,
                    ConsensusKey = ByteString.CopyFrom(key),
                    Moniker = profile.Moniker,
                    NetworkAddress = profile.NetworkAddress,
                    CommissionPpm = profile.CommissionPpm,
                };
                return new BondStake(amount, key, profile);
            case 1:
                theirs.UnbondStake = new Pb.UnbondStake { Validator = ByteString.CopyFrom(address.Bytes), Amount = amount.Grains };
                return new UnbondStake(address, amount);
            case 2:
                theirs.Delegate = new Pb.Delegate { Validator = ByteString.CopyFrom(address.Bytes), Amount = amount.Grains };
                return new DelegateStake(address, amount);
            case 3:
                theirs.UpdateValidator = new Pb.UpdateValidator
                {
                    Moniker = profile.Moniker,
                    NetworkAddress = profile.NetworkAddress,
                    CommissionPpm = profile.CommissionPpm,
                    ConsensusKey = ByteString.CopyFrom(key),
                };
                return new UpdateValidator(profile, key);
            case 4:
                SubmitEvidence evidence = new(Bytes(random, 32), Bytes(random, EvidenceSize));
                theirs.SubmitEvidence = new Pb.SubmitEvidence
                {
                    ConsensusKey = ByteString.CopyFrom(evidence.ConsensusKey.Span),
                    Evidence = ByteString.CopyFrom(evidence.Evidence.Span),
                };
                return evidence;
            default:
                theirs.Unjail = new Pb.Unjail();
                return new Unjail();
        }
    }
}
