using System.CommandLine;
using System.Security.Cryptography;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Cli;

/// <summary>Jobs of compute services: what clients and workers send.</summary>
internal static class JobCommands
{
    public static IEnumerable<Command> All() => [Post(), OpenSeal(), Offer(), Commit(), Reveal()];

    private static Command Post()
    {
        Option<FileInfo> key = CommonOptions.Key("--key", "the client, who pays");
        Option<uint> service = new("--service") { Description = "The compute service", Required = true };
        Option<string> input = Hash("--input", "the hash of what is computed on");
        Option<string> specification = Hash("--specification", "the hash of what is computed");
        Option<ulong> price = new("--price") { Description = "Credits for each worker whose result holds; two prices are locked", Required = true };
        Option<string?> result = new("--result") { Description = "The result's hash, if you know it: makes the job a canary" };
        Option<string?> salt = new("--salt") { Description = "64 hex digits that keep it secret until open-seal; needed with --result" };
        Command command = new("post-job", "Ask workers of a service to compute something") { key, service, input, specification, price, result, salt, TxCommand.Node };
        command.SetAction((arguments, cancellation) =>
        {
            (Hash256 on, Hash256 what) = (Parse(arguments.GetValue(input)!), Parse(arguments.GetValue(specification)!));
            (string? known, string? secret) = (arguments.GetValue(result), arguments.GetValue(salt));
            if ((known is null) != (secret is null))
                throw new CommandException("--result and --salt belong together: keep the salt for open-seal.");
            return TxCommand.WithWalletAsync(arguments, key, cancellation, async (wallet, _) =>
            {
                Hash256 seal = known is null
                    ? new Hash256(RandomNumberGenerator.GetBytes(Hash256.Size))
                    : ComputeScoring.Commit(JobRecord.WorkOf(on, what), wallet.Address, Parse(known), Parse(secret!));
                SubmitResult posted = await wallet.PostJobAsync(
                    new PostJob(arguments.GetValue(service), on, what, new Credits(arguments.GetValue(price)), seal), cancellation);
                if (posted is { Succeeded: true, Id: { } id })
                    Console.WriteLine($"job            {id}");
                return posted;
            });
        });
        return command;
    }

    private static Command OpenSeal()
    {
        Option<FileInfo> key = CommonOptions.Key("--key", "the client");
        Argument<string> job = Job();
        (Option<string> result, Option<string> salt) = (Hash("--result", "the result's hash that was sealed"), Hash("--salt", "the salt that was sealed"));
        Command command = new("open-seal", "As a job's client, show that you knew the result; while its workers reveal") { job, key, result, salt, TxCommand.Node };
        command.SetAction((arguments, cancellation) =>
        {
            OpenSeal message = new(Parse(arguments.GetValue(job)!), Parse(arguments.GetValue(result)!), Parse(arguments.GetValue(salt)!));
            return TxCommand.WithWalletAsync(arguments, key, cancellation, (wallet, _) => wallet.OpenSealAsync(message, cancellation));
        });
        return command;
    }

    private static Command Offer() => OfWorker("offer-work", "As a device, offer to compute a job", [], (_, _, _, job) => new ComputeOffer(job));

    private static Command Commit()
    {
        (Option<string> result, Option<string> salt) = (Hash("--result", "the result's hash"), Hash("--salt", "32 random bytes; keep them for reveal-result"));
        return OfWorker("commit-result", "As a device that a job has asked, commit to its result", [result, salt], (arguments, record, device, job) =>
            new CommitResult(job, ComputeScoring.Commit(record.Work, device, Parse(arguments.GetValue(result)!), Parse(arguments.GetValue(salt)!))));
    }

    private static Command Reveal()
    {
        (Option<string> result, Option<string> salt) = (Hash("--result", "the result's hash"), Hash("--salt", "the salt of commit-result"));
        return OfWorker("reveal-result", "As a device, reveal the result that it committed to", [result, salt], (arguments, _, _, job) =>
            new RevealResult(job, Parse(arguments.GetValue(result)!), Parse(arguments.GetValue(salt)!)));
    }

    private static Command OfWorker(
        string name, string description, Option<string>[] options, Func<ParseResult, JobRecord, Address, Hash256, ProofPayload> payload)
    {
        Option<FileInfo> key = CommonOptions.Key("--device-key", "the device");
        Option<string?> address = new("--device") { Description = "The device's address, if its key was replaced; else that of the key" };
        Argument<string> job = Job();
        Command command = new(name, description) { job, key, address, TxCommand.Node };
        foreach (Option<string> option in options)
            command.Add(option);
        command.SetAction((arguments, cancellation) =>
        {
            Hash256 id = Parse(arguments.GetValue(job)!);
            Address? named = arguments.GetValue(address) is { } text ? CommonOptions.ParseAddress(text) : null;
            return TxCommand.WithKeyAsync(arguments, key, cancellation, async (node, chain, deviceKey) =>
            {
                Address device = named ?? deviceKey.Address;
                JobRecord record = await AgreementQueries.FindJobAsync(node, id, cancellation);
                return await node.SubmitProofAsync(chain, deviceKey, device, record.Service, payload(arguments, record, device, id), cancellation)
                    ?? throw new CommandException("this device is not registered.");
            });
        });
        return command;
    }

    private static Argument<string> Job() => new("job") { Description = "The job, 64 hex digits" };

    private static Option<string> Hash(string name, string what) => new(name) { Description = $"64 hex digits: {what}", Required = true };

    private static Hash256 Parse(string text) => AgreementQueries.ParseId(text);
}
