using System.Globalization;
using AppChain.Ledger;

namespace AppChain.Tests.Calibration;

/// <summary>The page <c>docs/calibration.md</c>.</summary>
internal static class CalibrationPage
{
    public static string Of(Findings sensors, Findings wireless, Findings energy, Findings protocols, IReadOnlyList<Finding> untold) =>
        string.Create(CultureInfo.InvariantCulture, $"""
        # Calibration on real data

        What the rules that score sensors, radio and meters (`node/ledger/Proofs`) make of real data, and of lies told with them. Bounds
        come from one part of the data and are judged on another. `tests/Calibration` writes this page and fails if honest work keeps less
        than {Finding.KeptMin:P0} of its units, if a fraud that can be told earns more than {Finding.EarnedMax:P0} of what honest work
        earns, or if the page differs from what the data say.

        **Cases** are windows, receptions or intervals; **caught** is the share of them that was refused or counted as evidence; **earns**
        is relative to honest work on the same data. ¹ marks what nothing on chain shows: [see below](#what-cannot-be-told).

        ## Sensors

        23 particulate sensors in Aberdeen over five days, of which 21 have three others within four cells of 5 km, and 16 temperature
        sensors in Santander over two weeks. A window is a day of half-hours; the past is three days.

        A single day says little: on still days an honest sensor and an invented one look alike. So what a day shows is evidence, and trust
        adds it up: one more for a day that speaks for the sensor,
        {SensorTrust.Max - SensorTrust.After(SensorTrust.Max, SensorEvidence.Against)} less for one against it, {SensorTrust.Max} at most,
        paid from {SensorTrust.Paid} on. *Earns* is what trust makes of a year of such days, beginning with all the trust there is: the most
        that a sensor can earn that turns dishonest. A new one that is honest earns its first reward after {SensorTrust.Paid} days that
        tell; a new one that is not, hardly ever.

        Learned bounds, in the metric's unit (µg/m³, °C). *Follows* is the rank correlation with the neighbours' median, *stale* how much
        better an earlier time may fit, *copy* what two sensors differ by at least, in MADs; *spread* is what noise in the stories is told
        in.

        {sensors.Bounds}
        {Table(sensors)}
        Copies are caught by time: a sensor commits to a reading before it sees others', and what it copies is at least as old as others
        reveal late. **Readings must be revealed 6 hours after they are committed to** for that to show in all three data sets.

        A labelled fault moves the temperature by 9 °C on average, but some by less than honest sensors differ: of these half-hours the
        share that is not caught is paid, as long as the sensor is trusted.

        ## Wireless

        Uplinks around Grenoble that real hotspots received, with exact distances. Receptions nearer than 350 m are left out: no service
        pays for them. What the protocol refuses for certain (a payload that was not heard, an own beacon, a second report, a stale one) is
        tested with the protocol, not here.

        {wireless.Bounds}
        {Table(wireless)}
        Physics bounds how strong a signal can be, not how weak. It finds a device that is nearer than it says, or so far off that nobody
        hears there. It cannot find one that is some streets away, nor one to whom an accomplice told what was sent.

        ## Energy

        Nine homes of CityLearn in Fontana (a year of hours) and one of Ausgrid's near Sydney (a year of half-hours). The homes of CityLearn
        are put behind one transformer, whose meter the data do not have: it is reckoned from theirs, with losses between 2.5 and 3.5 %.
        What is usual for a roof is learned in the first half of the year.

        {energy.Bounds}
        {Table(energy)}
        *Caught* of an inflated meter is the share of intervals in which it is paid no more than it made. A feeder notices what exceeds its
        losses and the class of its meters; the intervals in which it does not, and those in which the liar loses all, together leave what
        it earns *beyond* its honest work, shown here; 0 means that it loses.

        ## Storage, compute, traffic

        What these kinds pay for is shown by protocol, so no data are needed: draws, scores and payments are the ledger's own, and chance comes
        from hashes of numbers. A deal of three years with {new StorageScoreRules().Draws} draws a day; careers of workers whose bond a slash of
        20 prices ends; 60 reward epochs of a service that has no reward weight, in which users pay 1,000 tokens an epoch.

        {Table(protocols)}
        *Earns* of compute is what lies are paid less what they are slashed, to what the same jobs honestly done are paid; of traffic, what the
        owner has gained when payers and owners are one purse, to what he gains when others pay. 0 means that it loses.

        Who keeps a share of a file earns that share. Who keeps none of it and fetches what is drawn from somebody who does has what was paid for
        to hand: the file can be had. Who deals with himself where a vote gave the service a weight is paid from the floor for each unit, as long as
        that is more than a credit costs: such services should have [none](bandwidth.md#attacks). A wrong result that two drawn workers of one
        group agree on holds; each needs a bond, an owner of its own, and to be drawn.

        ## What cannot be told

        What passes above, why, and what makes it unprofitable all the same. Amounts are in days of an honest device's reward. A service
        asks for a bond of {Deterrence.BondDays} days; rewards rest for {Deterrence.EscrowDays} days; somebody looks at each device every
        {Deterrence.LookEveryDays} days on average, and a lost dispute costs bond and escrow:
        `gain a day = earned − (bond + escrow · earned) / days between looks`. The bond needed is where that is zero.

        {Deterrence.Table(untold)}
        - **Hours late**: air and temperature change slowly; what was measured an hour ago is nearly what is measured now. A device that was
          there an hour ago did the work; a copy is prevented by revealing late.
        - **Told at once, with noise**: what a neighbour gives away before it commits, moved by as much as two honest sensors differ, *is*
          an honest reading of that place. It takes the neighbour's help. The cap per cell bounds how many can be fed from one sensor. A
          visit shows an empty place.
        - **Off by less than the tolerance**: as far as sensors of one model differ. It gains nothing but what an honest sensor there would;
          only calibration by a reference shows it.
        - **Some streets away**: within the reach of the radio a place cannot be told from strength alone. It is worth what the density
          scale differs by. A mobile tester hears where the signal is strongest.
        - **An accomplice's payload**: who is told what was sent and invents a weak signal. Both ends lie, and both have a bond; a mobile
          tester at either place hears nothing.
        - **A fleet alone in its cell**: where nobody honest stands, nobody contradicts; the fleet trusts itself, and outvotes who comes
          later. Attestation costs a device each, the cap per cell bounds what all of them earn together, the bond is per device, and one
          visit shows them all: what it takes from all of them is the gain of a day times their number.

        """).ReplaceLineEndings("\n");

    private static string Table(Findings findings) =>
        Finding.TableHead + string.Concat(findings.Honest
            .Select(finding => finding.Row.Replace($"| {finding.Story} ", $"| **{finding.Story}** (honest) ", StringComparison.Ordinal)))
        + string.Concat(findings.Frauds.Select(finding => finding.Row));
}
