using System.Text.Json;
using AppChain.Devnet.Processes;

namespace AppChain.Devnet.Chain;

/// <summary>
/// How the chain in a directory was laid out. Kept beside it as <c>devnet.json</c>, which also marks the directory as ours.
/// </summary>
internal sealed record DevnetLayout(int Validators, int PortBase);

/// <summary>A run's directory: <c>devnet.json genesis.json pids keys/ v0/ v0.log …</c>.</summary>
internal sealed class DevnetDirectory
{
    private const string DefaultName = ".devnet";

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    private DevnetDirectory(string path, DevnetLayout layout, bool isContinued) =>
        (Path, Layout, IsContinued) = (path, layout, isContinued);

    public string Path { get; }

    public DevnetLayout Layout { get; }

    /// <summary>True when it holds a chain already, to go on with.</summary>
    public bool IsContinued { get; }

    public string GenesisFile => At("genesis.json");

    public string PidsFile => At(PidFile.FileName);

    public string Home(int validator) => At(Name(validator));

    public string LogFile(int validator) => At(Name(validator) + ".log");

    public string ValidatorKeyFile(int validator) => System.IO.Path.Combine(At("keys"), Name(validator) + ".json");

    /// <summary>
    /// Opens <c>--data</c> (going on with a chain that it holds) or the default directory (always anew). Refuses one in use or not ours.
    /// </summary>
    public static DevnetDirectory Open(DevnetOptions options)
    {
        string path = System.IO.Path.GetFullPath(options.Data ?? System.IO.Path.Combine(options.Repository, DefaultName));
        RefuseInUse(path);
        string marker = System.IO.Path.Combine(path, "devnet.json");
        bool isOurs = File.Exists(marker);
        if (!isOurs && Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            throw new DevnetException($"{path} holds something that is not a devnet: choose another --data.");
        if (isOurs && options.Data is null)
        {
            Directory.Delete(path, recursive: true);
            isOurs = false;
        }
        if (isOurs)
            return new DevnetDirectory(path, Continue(marker, options), isContinued: true);

        DevnetLayout layout = new(options.Validators ?? DevnetLimits.ValidatorsDefault, options.PortBase ?? PortPlan.Default);
        return new DevnetDirectory(path, layout, isContinued: false);
    }

    /// <summary>Makes the directory and marks it as ours. Only for a chain that is not continued.</summary>
    public void Create()
    {
        Directory.CreateDirectory(System.IO.Path.Combine(Path, "keys"));
        File.WriteAllText(At("devnet.json"), JsonSerializer.Serialize(Layout, Json));
    }

    private string At(string name) => System.IO.Path.Combine(Path, name);

    private static string Name(int validator) => "v" + validator.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static void RefuseInUse(string path)
    {
        PidEntry? alive = PidFile.Read(System.IO.Path.Combine(path, PidFile.FileName)).FirstOrDefault(entry => entry.IsAlive);
        if (alive is { Name: PidFile.DevnetName })
            throw new DevnetException(
                $"a devnet runs in {path} already (process {alive.Pid}): stop it, or choose another --data and --port-base.");
        if (alive is not null)
            throw new DevnetException(
                $"an aborted run left {alive.Name} (process {alive.Pid}) running in {path}: run devnet/down --data {path} first.");
    }

    private static DevnetLayout Continue(string marker, DevnetOptions options)
    {
        DevnetLayout layout;
        try
        {
            layout = JsonSerializer.Deserialize<DevnetLayout>(File.ReadAllText(marker), Json) ?? throw new JsonException("it is empty");
        }
        catch (JsonException e)
        {
            throw new DevnetException($"{marker} is damaged ({e.Message}): choose another --data.");
        }
        if (options.Validators is { } validators && validators != layout.Validators)
            throw new DevnetException(
                $"the chain in {options.Data} has {layout.Validators} validators, not {validators}: "
                + "leave --validators out, or choose another --data.");
        if (options.Genesis is not null)
            throw new DevnetException($"the chain in {options.Data} has its genesis already: leave --genesis out, or choose another --data.");
        if (options.PortBase is { } portBase && portBase != layout.PortBase)
            throw new DevnetException(
                $"the chain in {options.Data} was made with --port-base {layout.PortBase}: "
                + "leave the option out, or choose another --data.");
        return layout;
    }
}
