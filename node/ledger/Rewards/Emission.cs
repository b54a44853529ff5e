using System;

namespace AppChain.Ledger;

/// <summary>How much an epoch may mint, and for whom, before anybody's work is looked at.</summary>
/// <remarks>
/// <para>An epoch may mint <c>E = schedule(epoch) + min(s, netEmissionMax)</c>, where <c>s ← (6 × s + burned) / 7</c> is the smoothed burn.</para>
/// <para>What is minted for the burn goes to whoever serves the demand, and to validators. The treasury and the part by reward weight come out of the schedule
/// alone: otherwise burning would raise what somebody gets for nothing, and whoever gets that would gain by burning.</para>
/// </remarks>
/// <param name="Scheduled">What the schedule allows.</param>
/// <param name="Net">What the smoothed burn allows on top.</param>
internal readonly record struct Emission(Amount Scheduled, Amount Net)
{
    /// <summary>Of the schedule.</summary>
    public Amount Treasury { get; private init; }

    /// <summary>Of the schedule and of the burn, to share by stake and participation.</summary>
    public Amount Validators { get; private init; }

    /// <summary>What services share by their reward weights.</summary>
    public Amount Floor { get; private init; }

    /// <summary>What they share by their smoothed demand.</summary>
    public Amount ForDemand { get; private init; }

    /// <summary>The part of the services' schedule that is <see cref="Floor"/>.</summary>
    public uint FloorPpm { get; private init; }

    /// <summary>Everything that the epoch may mint.</summary>
    public Amount Total => Scheduled + Net;

    /// <summary>What the open epoch may mint if it ended now.</summary>
    public static Emission Of(ILedgerState state, ulong epoch)
    {
        ParametersRecord parameters = ParametersRecord.Get(state);
        SupplyRecord supply = SupplyRecord.Get(state);
        EmissionRecord burns = EmissionRecord.Get(state);
        Amount scheduled = RewardSchedule.RewardOf(epoch, parameters, supply, burns.Reminted);
        // Sums of all that was ever minted are kept in 64 bits: a chain that gets there mints no more.
        Amount countable = new Amount(ulong.MaxValue) - supply.Genesis - supply.Minted;
        scheduled = Amount.Min(scheduled, countable);
        Amount net = Amount.Min(Amount.Min(burns.NextSmoothed, new Amount(parameters[Parameter.NetEmissionMax])), countable - scheduled);

        Amount treasury = scheduled.Share(parameters.TreasurySharePpm, Parameters.Million);
        Amount ofSchedule = (scheduled - treasury).Share(parameters[Parameter.ValidatorsShare], Parameters.Million);
        Amount ofBurn = net.Share(parameters[Parameter.ValidatorsBurnShare], Parameters.Million);
        Amount services = scheduled - treasury - ofSchedule;
        uint floorPpm = FloorAt(epoch, parameters);
        Amount floor = services.Share(floorPpm, Parameters.Million);
        return new Emission(scheduled, net)
        {
            Treasury = treasury,
            Validators = ofSchedule + ofBurn,
            Floor = floor,
            ForDemand = services - floor + (net - ofBurn),
            FloorPpm = floorPpm,
        };
    }

    /// <summary>The floor of an epoch in ppm: halved every so often, and on a straight line in between, so that no epoch is a cliff.</summary>
    public static uint FloorAt(ulong epoch, ParametersRecord parameters)
    {
        ulong first = parameters[Parameter.FloorShare], halving = parameters[Parameter.FloorHalvingEpochs];
        if (halving == 0)
            return (uint)first;
        (ulong halvings, ulong since) = Math.DivRem(epoch, halving);
        if (halvings >= 32)
            return 0;
        ulong start = first >> (int)halvings, end = start >> 1;
        return (uint)(start - ((start - end) * since / halving));
    }
}
