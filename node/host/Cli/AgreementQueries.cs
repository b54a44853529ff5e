using System.CommandLine;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Cli;

/// <summary>The queries about storage deals and jobs.</summary>
internal static class AgreementQueries
{
    private static readonly Option<string> Node = CommonOptions.Node();

    public static Command Deal()
    {
        Argument<string> id = new("id") { Description = "64 hex digits: the deal's opening transaction" };
        Command command = new("deal", "A storage deal: who pays whom, the present window and what it has drawn") { id, Node };
        command.SetAction(async (arguments, cancellation) =>
        {
            Hash256 wanted = ParseId(arguments.GetValue(id)!);
            await using NodeClient client = arguments.Connect(Node);
            DealRecord deal = await FindDealAsync(client, wanted, cancellation);
            Output.Print([.. Rows(wanted, deal)]);
        });
        return command;
    }

    public static Command Job()
    {
        Argument<string> id = new("id") { Description = "64 hex digits: the job's posting transaction" };
        Command command = new("job", "A job of a compute service: what it waits for, and who is asked") { id, Node };
        command.SetAction(async (arguments, cancellation) =>
        {
            Hash256 wanted = ParseId(arguments.GetValue(id)!);
            await using NodeClient client = arguments.Connect(Node);
            Output.Print([.. Rows(await FindJobAsync(client, wanted, cancellation))]);
        });
        return command;
    }

    public static Hash256 ParseId(string text) => Hash256.TryParse(text, out Hash256 id)
        ? id
        : throw new CommandException($"\"{text}\" is not an id; expected {2 * Hash256.Size} hex digits.");

    public static async Task<DealRecord> FindDealAsync(NodeClient client, Hash256 deal, CancellationToken cancellation) =>
        await client.FindDealAsync(deal, cancellation) ?? throw new CommandException($"there is no deal {deal}; it may have ended.");

    public static async Task<JobRecord> FindJobAsync(NodeClient client, Hash256 job, CancellationToken cancellation) =>
        await client.FindJobAsync(job, cancellation) ?? throw new CommandException($"there is no job {job}; it may have ended.");

    private static IEnumerable<(string, string)> Rows(JobRecord job)
    {
        yield return ("client", AddressText.Format(job.Client, AddressKind.Account));
        yield return ("service", Output.Number(job.Service));
        yield return ("work", $"input {job.Input}, specification {job.Specification}");
        yield return ("price", $"{job.Price} credits for each worker whose result holds; {job.Locked} are locked");
        yield return ("phase", $"{job.Phase} until {Output.Time(job.EndsMs)}, {job.Workers.Length} offers".ToLowerInvariant());
        foreach (JobAnswer answer in job.Answers)
            yield return ("worker", $"{AddressText.Format(answer.Device, AddressKind.Device)}: {answer.Stage}".ToLowerInvariant());
    }

    private static IEnumerable<(string, string)> Rows(Hash256 id, DealRecord deal)
    {
        yield return ("client", AddressText.Format(deal.Client, AddressKind.Account));
        yield return ("device", AddressText.Format(deal.Device, AddressKind.Device));
        yield return ("service", Output.Number(deal.Service));
        yield return ("file", $"{deal.Chunks} chunks of {deal.ChunkBytes} bytes, root {deal.Root}");
        yield return ("price", $"{deal.Price} credits for a window; {deal.Locked} are locked for {deal.WindowsLeft}");
        if (deal.Window == 0)
        {
            yield return ("window", "none yet: the first begins with the next block");
            yield break;
        }
        yield return ("window", $"{deal.Window}, from {Output.Time(deal.OpenedMs)} to {Output.Time(deal.ClosesMs)}");
        yield return ("drawn", string.Join(", ", deal.Drawn(id)));
        yield return ("shown", $"{deal.Passed} of {deal.Draws}, which earns {deal.Earned} credits");
        yield return ("missed", $"{deal.Missed} windows in a row; after {deal.GraceWindows} each costs {deal.BurnPpm} ppm of {deal.Bond} tokens");
    }
}
