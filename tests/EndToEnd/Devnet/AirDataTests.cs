using AppChain.Devnet.Fleet;
using AppChain.Devnet.Replay;

namespace AppChain.EndToEnd.Devnet;

public sealed class AirDataTests
{
    [Fact]
    public void TryParse_SoundRow_ReadsFixedPointValues()
    {
        const string Row = "15092;SDS011;7647;56.964;-2.212;2019-05-08T00:02:07;2.83;;;1.03;;";

        bool parsed = AirCsv.TryParse(Row, out long sensor, out int latitude, out int longitude, out AirReading reading);

        Assert.True(parsed);
        Assert.Equal((15092L, 569_640_000, -22_120_000), (sensor, latitude, longitude));
        Assert.Equal(new AirReading(new DateTime(2019, 5, 8, 0, 2, 7, DateTimeKind.Utc), 2_830, 1_030), reading);
        Assert.Equal(DateTimeKind.Utc, reading.Time.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sensor_id;sensor_type;location;lat;lon;timestamp;P1;durP1;ratioP1;P2;durP2;ratioP2")]
    [InlineData("15092;SDS011;7647;56.964;-2.212;2019-05-08T00:02:07;;;;1.03;;")]
    [InlineData("15092;SDS011;7647;96.964;-2.212;2019-05-08T00:02:07;2.83;;;1.03;;")]
    [InlineData("15092;SDS011;7647;56.964;-2.212;2019-05-38T00:02:07;2.83;;;1.03;;")]
    [InlineData("15092;SDS011;7647;56.964;-2.212;2019-05-08T00:02:07;2.83;;;1.03;")]
    public void TryParse_HeaderOrDamagedRow_IsNoReading(string line) => Assert.False(AirCsv.TryParse(line, out _, out _, out _, out _));

    [Fact]
    public void Load_FolderOfDailyFiles_JoinsEachSensorInOrderOfTime()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("appchain-air-");
        Write(folder, "2019-05-09_sds011_sensor_7.csv", "7;SDS011;1;57;-2;2019-05-09T00:00:00;3;;;2;;");
        Write(folder, "2019-05-08_sds011_sensor_7.csv", "7;SDS011;1;57;-2;2019-05-08T00:00:00;1;;;1;;", "damaged");
        Write(folder, "2019-05-08_sds011_sensor_5.csv", "5;SDS011;1;57;-2;2019-05-08T00:00:00;4;;;4;;");

        IReadOnlyList<AirSeries> series = AirCsv.Load(folder.FullName);

        Assert.Equal(["5", "7"], series.Select(each => each.SensorId));
        Assert.Equal([1_000L, 3_000L], series[1].Readings.Select(reading => reading.Pm10));
        folder.Delete(recursive: true);
    }

    [Fact]
    public void PlannedDevices_MoreThanSensors_AreCopiesWithTheirOwnNamesPlacesAndValues()
    {
        IReadOnlyList<AirSeries> series = GeneratedAir.Create(3);
        PlannedDevice[] devices = [.. Enumerable.Range(0, 9).Select(number => PlannedDevice.Create(series, number))];

        Assert.Equal(9, devices.Select(device => device.Name).Distinct().Count());
        Assert.Equal(9, devices.Select(device => device.Place).Distinct().Count());
        Assert.Equal(series[0].Readings[0], devices[0].ReadingAt(0));
        Assert.NotEqual(devices[0].ReadingAt(0).Pm25, devices[3].ReadingAt(0).Pm25);
        Assert.Equal(2, devices.Count(device => device.Scheme == Crypto.KeyScheme.P256));
        Assert.Equal(devices[1].ReadingAt(0), devices[1].ReadingAt(series[1].Readings.Count));
    }

    private static void Write(DirectoryInfo folder, string name, params string[] rows)
    {
        const string Header = "sensor_id;sensor_type;location;lat;lon;timestamp;P1;durP1;ratioP1;P2;durP2;ratioP2";
        File.WriteAllLines(Path.Combine(folder.FullName, name), [Header, .. rows]);
    }
}
