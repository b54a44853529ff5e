using System.Collections.Immutable;
using static AppChain.Ledger.ReasonEntry;

namespace AppChain.Ledger;

/// <summary>The reasons of meters, feeders and the trade in energy.</summary>
internal static class EnergyReasons
{
    public static ImmutableArray<ReasonEntry> All { get; } =
    [
        AtDecode(Reason.MeterOutOfBounds, "A meter has a kind (1: load, 2: solar, 3: source) and a rating of 1 W to 1 GW; a feeder's own meter is a load."),
        AtDecode(Reason.NothingTraded, "A trade is of at least one Wh, between two different meters; a grid event also has a price."),
        AtAdmission(Reason.NotAnEnergyService, "The service is not of kind energy."),
        AtAdmission(Reason.NotAMeter, "The device is not connected as a meter in this service, or has moved since. Connect it with connect-meter."),
        AtAdmission(Reason.ConnectionTooLarge, "No meter's connection carries so much: the chain's energyPeakWattsMax allows less."),
        AtAdmission(Reason.FeederNotOfSigner, "The feeder's own meter must be connected, and its owner signs second."),
        AtExecution(Reason.FeederFull, "The feeder has 256 meters already."),
        AtExecution(Reason.MeterBusy, "Readings of the meter still wait for their verdicts. Connect it when these have come."),
        AtExecution(Reason.NoEnergyOffer, "The seller offers nothing, or not any more."),
        AtExecution(Reason.PriceAboveLimit, "The seller asks more for a Wh than the buyer wants to pay."),
        AtExecution(Reason.OtherFeeder, "The meters hang on different feeders: what one made has not flowed to the other."),
        AtExecution(Reason.EnergyUsed, "The seller has not made so much in this interval, or the buyer not taken it, or part of it is traded already."),

        AtExecution(Reason.GridEventUntimely, "A grid event is called once for an interval of the service that has not begun and begins within a day."),

        AsVerdict(Reason.MeterNotConnected, "The device is not connected to a feeder, or has moved since. Connect it with connect-meter."),
        AsVerdict(Reason.IntervalMisaligned, "A register is read at the end of an interval: at a multiple of the service's interval, to the second."),
        AsVerdict(Reason.IntervalUsed, "Part of this interval was read before. Each is used once."),
        AsVerdict(Reason.IntervalGap, "Readings are missing before this interval. It earns nothing, and the register goes on from here."),
        AsVerdict(Reason.RegisterFell, "The register is lower than before: it only ever counts up."),
        AsVerdict(Reason.TooMuchPower, "The meter counted more than its connection can carry. Check the rating it was connected with."),
        AsVerdict(Reason.SunIsDown, "The panels made power in the dark. Check the asserted location and the clock."),
        AsVerdict(Reason.BeyondClearSky, "The panels made more than a clear sky gives. Check the rating they were connected with, and the asserted location."),
        AsVerdict(Reason.ExportOfNoFeeder, "Only a feeder's own meter has a second register."),
        AsVerdict(Reason.IntervalClosed, "The feeder's interval has been judged already. Send readings sooner."),
        AsVerdict(Reason.TooManyOpen, "Too many intervals of the meter or its feeder wait for judgement. Send older ones first, and wait for their verdicts."),
        AsVerdict(Reason.FeederSilent, "The feeder's own meter did not tell what came in and left, so that nothing can be balanced."),
        AsVerdict(Reason.MeterInflated, "The feeder's meters claim more than moved in it, and this one explains it: it claims far more than it usually makes."),
        AsVerdict(Reason.FeederUnbalanced, "The feeder's meters claim more than moved in it, and nobody knows yet what is usual here."),
        AsVerdict(Reason.NoGridEvent, "No grid event of the meter's feeder begins then, or it has begun, or the meter makes nothing."),
        AsVerdict(Reason.GridEventTaken, "The meter has committed to this grid event already, or less is wanted by now, or 32 meters have."),
    ];
}
