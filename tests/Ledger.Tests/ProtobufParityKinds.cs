using AppChain.Crypto;
using AppChain.Ledger;
using Google.Protobuf;
using static AppChain.Tests.Ledger.ProtobufParityTests;
using Pb = AppChain.Protos.V1;

namespace AppChain.Tests.Ledger;

/// <summary>Random messages and payloads of kinds of proof, in both forms.</summary>
internal static class ProtobufParityKinds
{
    public static Message RandomMessage(Random random, Pb.Body theirs)
    {
        Address device = RandomAddress(random), other = RandomAddress(random);
        (ByteString bytes, ByteString others) = (ByteString.CopyFrom(device.Bytes), ByteString.CopyFrom(other.Bytes));
        switch (random.Next(5))
        {
            case 4:
                return Mapping.MappingMessages.Random(random, theirs);
            case 0:
                ConnectMeter connect = new(device, Small(random), other, (MeterKind)random.Next(1, 4), Any(random));
                theirs.ConnectMeter = new Pb.ConnectMeter
                {
                    Device = bytes,
                    Service = connect.Service,
                    Feeder = others,
                    Kind = (Pb.MeterKind)connect.Kind,
                    PeakWatts = connect.PeakWatts,
                };
                return connect;
            case 1:
                OfferEnergy offer = new(device, Small(random), Any(random), Any(random));
                theirs.OfferEnergy = new Pb.OfferEnergy { Meter = bytes, Service = offer.Service, Price = offer.Price, UntilMs = offer.UntilMs };
                return offer;
            case 2:
                CallGridEvent call = new(Small(random), device, Any(random), Any(random), Any(random));
                theirs.CallGridEvent = new Pb.CallGridEvent
                {
                    Service = call.Service,
                    Feeder = bytes,
                    FromSeconds = call.FromSeconds,
                    Wh = call.Wh,
                    Price = call.Price,
                };
                return call;
            default:
                MatchEnergy match = new(Small(random), device, other, Any(random), Any(random), Any(random));
                theirs.MatchEnergy = new Pb.MatchEnergy
                {
                    Service = match.Service,
                    Seller = bytes,
                    Buyer = others,
                    FromSeconds = match.FromSeconds,
                    Wh = match.Wh,
                    PriceMax = match.PriceMax,
                };
                return match;
        }
    }

    public static ProofPayload RandomPayload(Random random, Pb.SubmitProof theirs)
    {
        if (random.Next(3) == 0)
            return Mapping.MappingMessages.RandomPayload(random, theirs);
        if (random.Next(2) == 0)
        {
            GridCommitment commitment = new(Any(random), Any(random));
            theirs.GridCommitment = new Pb.GridCommitment { FromSeconds = commitment.FromSeconds, Wh = commitment.Wh };
            return commitment;
        }
        MeterReport report = new(Any(random), Any(random));
        theirs.MeterReport = new Pb.MeterReport { RegisterWh = report.RegisterWh, ExportedWh = report.ExportedWh };
        return report;
    }
}
