using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Model;

internal sealed class PlainManufacturer
{
    public required Address Admin { get; set; }

    public required HashSet<Address> Roots { get; set; }

    public HashSet<uint> RevokedBatches { get; } = [];

    /// <summary>Keys that were none of a device's when they were revoked.</summary>
    public HashSet<Address> RevokedKeys { get; } = [];
}

internal sealed class PlainOwnedDevice
{
    public required Address Owner { get; set; }

    public required Address? Manufacturer { get; init; }

    public required uint Batch { get; init; }

    /// <summary>The address of the key that signs for it now.</summary>
    public required Address Key { get; set; }

    public required KeyScheme Scheme { get; set; }

    public required (int Latitude, int Longitude, int Altitude) Place { get; set; }

    public required ulong RegisteredMs { get; init; }

    public required ulong MovedMs { get; set; }

    public ulong RevokedMs { get; set; }

    public List<Payee> Payees { get; set; } = [];

    public SortedDictionary<uint, PlainEnrolment> Enrolments { get; } = [];

    public PlainNumbers Numbers { get; } = new();
}

internal sealed class PlainEnrolment
{
    /// <summary>What the service's kind remembers of the sensor.</summary>
    public required PlainDevice Sensor { get; init; }

    public required ulong NotBeforeMs { get; init; }

    public required ulong Bond { get; init; }

    /// <summary>When the withdrawal's delay is over; null: it works.</summary>
    public ulong? LeavesMs { get; set; }

    public ulong Accepted { get; set; }

    public ulong Rejected { get; set; }

    /// <summary>Units of the open epoch.</summary>
    public ulong Units { get; set; }

    /// <summary>It had a verdict in the open epoch.</summary>
    public bool Judged { get; set; }

    /// <summary>What finished epochs earned it, and its next touch pays out.</summary>
    public UInt128 Unsettled { get; set; }

    public UInt128 Settled { get; set; }
}
