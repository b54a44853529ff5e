namespace AppChain.Ledger;

/// <summary>What kind of proofs a service takes. The numbers are the state's; <see cref="ProofKinds"/> has the rules of each.</summary>
public enum ProofKind : byte
{
    /// <summary>Readings of sensors, judged by <see cref="ServiceDefinition.Metrics"/>.</summary>
    SensorTelemetry = 1,

    /// <summary>Radio beacons and who has heard them, judged by <see cref="CoverageTerms"/>.</summary>
    WirelessCoverage = 2,

    /// <summary>Chunks of files that clients pay for, judged by their deals (<see cref="DealRecord"/>).</summary>
    Storage = 3,

    /// <summary>Offers, commitments and results of jobs that clients pay for (<see cref="JobRecord"/>).</summary>
    Compute = 4,

    /// <summary>Readings of meters, judged by <see cref="EnergyTerms"/>.</summary>
    Energy = 5,

    /// <summary>Images of streets that drawn reviewers judge (<see cref="MapImageRecord"/>), by <see cref="MappingTerms"/>.</summary>
    Mapping = 6,

    /// <summary>Vouchers of channels, signed by payer and device: there is no other proof.</summary>
    DataTransfer = 7,
}
