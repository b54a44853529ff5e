namespace AppChain.Ledger;

/// <summary>What kind of proofs a service takes. The numbers are the state's; <see cref="ProofKinds"/> has the rules of each.</summary>
public enum ProofKind : byte
{
    /// <summary>Readings of sensors, judged by <see cref="ServiceDefinition.Metrics"/>.</summary>
    SensorTelemetry = 1,

    /// <summary>Radio beacons and who has heard them, judged by <see cref="CoverageTerms"/>.</summary>
    WirelessCoverage = 2,

    /// <summary>Readings of meters, judged by <see cref="EnergyTerms"/>.</summary>
    Energy = 5,
}
