using System.CommandLine;
using System.Globalization;
using AppChain.Client;
using AppChain.Client.Batches;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Cli;

/// <summary><c>appchain tx submit-batch</c>: readings from a file as one batch, which is opened too.</summary>
internal static class BatchCommand
{
    public static Command Create()
    {
        Option<FileInfo> key = CommonOptions.Key("--device-key", "the device");
        Option<uint> service = new("--service") { Description = "The service that the readings are for", Required = true };
        Option<FileInfo> readings = new("--readings") { Description = "A line for each reading: UNIX-MS,METRIC=VALUE,… with values in the metric's unit, e.g. 1767225600000,1=12.5,2=5", Required = true };
        Option<string?> address = new("--device") { Description = "The device's address, if its key was replaced; else that of the key" };
        Command command = new("submit-batch", "As a device that was offline, submit its readings as one batch, and open the leaves that are drawn (docs/batches.md)")
        {
            key, service, readings, address, TxCommand.Node,
        };
        command.SetAction((arguments, cancellation) =>
        {
            // What was typed is judged before any node is asked.
            SubmitProof[] kept = [.. File.ReadLines(arguments.GetValue(readings)!.FullName).Select((line, index) => Parse(arguments.GetValue(service), line, index + 1))];
            Address? named = arguments.GetValue(address) is { } text ? CommonOptions.ParseAddress(text) : null;
            return TxCommand.WithKeyAsync(arguments, key, cancellation, async (client, chain, deviceKey) =>
            {
                BatchSender.Sending sent = await new BatchSender(client, chain, deviceKey, named ?? deviceKey.Address, arguments.GetValue(service), TimeProvider.System).SendAsync(kept, cancellation);
                if (sent.Batch is { } batch)
                    Console.WriteLine($"batch          {batch.Proofs.Count} of {kept.Length} readings, root {batch.Message.Root}");
                return sent.Result ?? throw new CommandException(sent.Batch is null
                    ? "none of the readings can be in a batch: the device does not work for the service, they are from before its last observation, or another batch is open."
                    : "the batch was not drawn from, or its time was over; run this again with the same file.");
            });
        });
        return command;
    }

    private static SubmitProof Parse(uint service, string line, int number)
    {
        string[] parts = line.Split(',');
        if (parts.Length < 2 || !ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong observedMs))
            throw new CommandException($"line {number} is \"{line}\"; expected UNIX-MS,METRIC=VALUE,…");
        return new SubmitProof(service, observedMs, new SensorReading(parts.Skip(1).Select(TxCommand.ParseMeasurement).OrderBy(static measurement => measurement.Metric)));
    }
}
