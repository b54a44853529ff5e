using AppChain.Devnet.Replay;
using AppChain.Ledger;

namespace AppChain.Devnet.Chain;

/// <summary>The service of the chain that takes the sensors' readings, as genesis defines it.</summary>
internal sealed class AirService
{
    private const string Pm10Name = "PM10";
    private const string Pm25Name = "PM2.5";

    private readonly uint pm10;
    private readonly uint pm25;

    private AirService(ServiceRecord service)
    {
        Id = service.Id;
        Name = service.Name;
        IntervalMin = TimeSpan.FromMilliseconds(service.IntervalMinMs) + DevnetLimits.IntervalMargin;
        (pm10, pm25) = (MetricOf(service, Pm10Name)!.Value, MetricOf(service, Pm25Name)!.Value);
    }

    public uint Id { get; }

    public string Name { get; }

    /// <summary>The least time between two readings of one device, with a margin.</summary>
    public TimeSpan IntervalMin { get; }

    /// <summary>The first service that measures exactly PM10 and PM2.5.</summary>
    public static AirService Find(IEnumerable<ServiceRecord> services) =>
        services.Where(MeasuresAir).Select(service => new AirService(service)).FirstOrDefault()
        ?? throw new DevnetException(
            $"genesis.json has no service that measures just {Pm10Name} and {Pm25Name}: the sensors have nothing to say to it.");

    /// <summary>A reading in the service's metrics, ascending.</summary>
    public SensorReading Reading(AirReading air)
    {
        Measurement[] measurements = [new(pm10, air.Pm10), new(pm25, air.Pm25)];
        Array.Sort(measurements, (left, right) => left.Metric.CompareTo(right.Metric));
        return new SensorReading(measurements);
    }

    private static bool MeasuresAir(ServiceRecord service) =>
        service.Metrics.Length == 2 && MetricOf(service, Pm10Name) is not null && MetricOf(service, Pm25Name) is not null;

    private static uint? MetricOf(ServiceRecord service, string name) =>
        service.Metrics.FirstOrDefault(metric => string.Equals(metric.Name, name, StringComparison.OrdinalIgnoreCase))?.Id;
}
