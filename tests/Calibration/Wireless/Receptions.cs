using System.IO.Compression;
using System.Text.Json;

namespace AppChain.Tests.Calibration.Wireless;

/// <summary>A frame that a real hotspot received, at a known distance.</summary>
/// <param name="DistanceM">How far the sender was.</param>
/// <param name="RssiCentiDbm">How strong it was.</param>
/// <param name="FrequencyHz">On which frequency.</param>
/// <param name="DetunedHz">How much that is off what the first hotspot measured of the same frame.</param>
internal readonly record struct Heard(uint DistanceM, int RssiCentiDbm, ulong FrequencyHz, ulong DetunedHz);

internal static class Receptions
{
    /// <summary>The receptions of a recording whose distance is known, in order of time.</summary>
    public static IReadOnlyList<Heard> Read(string file)
    {
        using GZipStream unzipped = new(File.OpenRead(RealData.Path("wireless", file)), CompressionMode.Decompress);
        using StreamReader reader = new(unzipped);
        List<Heard> heard = [];
        while (reader.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            JsonElement hotspots = json.RootElement.GetProperty("hotspots");
            ulong first = FrequencyOf(hotspots[0]);
            heard.AddRange(hotspots.EnumerateArray().SelectMany(hotspot => Of(hotspot, first)));
        }
        return heard;
    }

    private static IEnumerable<Heard> Of(JsonElement hotspot, ulong first)
    {
        if (!hotspot.TryGetProperty("_distance", out JsonElement distance) || distance.ValueKind != JsonValueKind.Object
            || !distance.TryGetProperty("_distanceHaversine", out JsonElement metres) || metres.ValueKind != JsonValueKind.Number)
            yield break;
        ulong frequency = FrequencyOf(hotspot);
        yield return new Heard(
            (uint)metres.GetDouble(), (int)(hotspot.GetProperty("rssi").GetDouble() * 100), frequency,
            ulong.Max(frequency, first) - ulong.Min(frequency, first));
    }

    private static ulong FrequencyOf(JsonElement hotspot) => (ulong)(hotspot.GetProperty("frequency").GetDouble() * 1e6);
}
