using System.CommandLine;
using AppChain.Client;
using AppChain.Client.Explain;
using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Protos.V1;
using Address = AppChain.Crypto.Address;
using ChainId = AppChain.Ledger.ChainId;
using Statement = AppChain.Ledger.Statement;

namespace AppChain.Node.Cli;

/// <summary><c>appchain explain</c>: why a device earned what it earned in a reward epoch, checked here to the last unit.</summary>
internal static class EarningsCommand
{
    private static readonly Option<string> Node = CommonOptions.Node();
    private static readonly Option<bool> Json = CommonOptions.Json();
    private static readonly Option<bool> Verdicts = new("--verdicts") { Description = "List every single verdict" };

    public static Command Create()
    {
        Argument<string> device = new("device") { Description = "dev1… or 40 hex digits" };
        Argument<ulong> epoch = new("epoch") { Description = "A reward epoch; `appchain status` has the open one" };
        Command command = new("explain", "Say why a device earned what it earned in a reward epoch, with every number checked against its proof")
        {
            device, epoch, Verdicts, Node, Json,
        };
        command.SetAction(async (arguments, _) =>
        {
            await using NodeClient client = arguments.Connect(Node);
            Address address = CommonOptions.ParseAddress(arguments.GetValue(device)!);
            Protos.V1.Explanation answer = await client.ExplainAsync(address, arguments.GetValue(epoch))
                ?? throw new CommandException("the node knows no such device or epoch, or has pruned it.");
            VerifiedExplanation verified = await VerifyAsync(client, answer, address, arguments.GetValue(epoch));
            Output.Print(arguments.GetValue(Json), answer, [.. Rows(verified, arguments.GetValue(Verdicts))]);
        });
        return command;
    }

    // The headers are looked up by height in the node's chain; their hashes are printed, for whoever asks another node about them.
    private static async Task<VerifiedExplanation> VerifyAsync(NodeClient client, Protos.V1.Explanation answer, Address device, ulong epoch)
    {
        ChainId chain = ChainId.Parse((await client.GetStatusAsync()).ChainId);
        HashSet<Digest> known = [];
        foreach (Google.Protobuf.ByteString encoded in HeadersOf(answer))
        {
            if (Header.TryDecode(encoded.Span, out Header header) && (await client.GetBlockAsync(header.Height.Value)).Hash.Span.SequenceEqual(header.Hash.ToArray()))
                known.Add(header.Hash);
        }
        return VerifiedExplanation.TryVerify(answer, chain, device, epoch, header => known.Contains(header.Hash), out string? problem)
            ?? throw new CommandException($"the node's explanation does not hold: {problem}. Ask another node.");
    }

    private static IEnumerable<Google.Protobuf.ByteString> HeadersOf(Protos.V1.Explanation answer) => answer.Services
        .Select(static service => service.Settled?.Header)
        .Append(answer.State?.Header)
        .Append(answer.Mint?.Receipt?.Header)
        .OfType<Google.Protobuf.ByteString>();

    private static IEnumerable<(string, string)> Rows(VerifiedExplanation verified, bool withVerdicts)
    {
        yield return ("device", AddressText.Format(verified.Device, AddressKind.Device));
        yield return ("epoch", $"{verified.Epoch}{(verified.Mint is null ? ", open: nothing is minted for it yet" : "")}");
        if (verified.Mint is { } mint)
            yield return ("minted", $"{mint.Total} tokens, of which {mint.Treasury} for the treasury and {mint.Pools.Length} services; {mint.Scheduled} by the schedule and {mint.Net} for burned tokens at most");
        if (verified.Services.IsEmpty)
            yield return ("verdicts", "none");
        foreach (VerifiedService service in verified.Services)
        {
            foreach ((string, string) row in Rows(service, withVerdicts))
                yield return row;
        }
        yield return ("earned", $"{verified.Earned} tokens");
    }

    private static IEnumerable<(string, string)> Rows(VerifiedService service, bool withVerdicts)
    {
        Statement statement = service.Explanation.Statement;
        yield return ("service", Output.Number(statement.Service));
        yield return ("  accepted", $"{statement.Work.Accepted} proofs, {statement.Work.Units} units");
        foreach ((Reason reason, int count) in service.Explanation.Verdicts.CountBy(static told => told.Reason).OrderBy(static entry => entry.Key))
        {
            if (reason != Reason.None)
                yield return ("  refused", $"{count} as {reason.Name()}");
        }
        if (withVerdicts)
        {
            foreach (Ledger.ToldVerdict told in service.Explanation.Verdicts)
                yield return ("  verdict", $"{told.Receipt} {(told.Reason == Reason.None ? $"{told.Units} units" : told.Reason.Name())}");
        }
        foreach (Ledger.ToldUsage told in withVerdicts ? service.Explanation.Usage : [])
            yield return ("  paid for", $"{told.Receipt} {told.Credits} credits, which cost {told.Usage} tokens");
        if (service.Pool is { } pool)
        {
            yield return ("  coverage", $"{pool.Shares.CoverageOf(statement.Work)} of {pool.Shares.Coverage} tokens for {statement.Work.Units} of {pool.Shares.Units} units; weight {pool.Weight}");
            yield return ("  usage", $"{pool.Shares.UsageOf(statement.Work)} of {pool.Shares.Usage} tokens for {statement.Work.Usage} of {pool.Shares.Used} burned tokens; {pool.Burned.Units} credits spent in all");
        }
        if (statement.Shadow is { } shadow)
        {
            yield return ("  candidate", $"{shadow.Accepted} proofs, {shadow.Units} units under the candidate for the rules, which is not paid");
            foreach ((Reason reason, int count) in service.Explanation.Shadow.CountBy(static told => told.Reason).OrderBy(static entry => entry.Key))
            {
                if (reason != Reason.None)
                    yield return ("  would refuse", $"{count} as {reason.Name()}");
            }
            if (service.Pool is { ShadowUnits: > 0 } other)
                yield return ("  would earn", $"{other.UnderCandidate(statement.Work, shadow.Units)} tokens, of {other.ShadowUnits} units");
        }
        yield return ("  share", $"{statement.Earned} tokens{(service.IsSettled ? "" : ", paid at the device's next touch")}");
        foreach (Ledger.Payment payment in statement.Payments)
            yield return ("  to", $"{AddressText.Format(payment.Account, AddressKind.Account)} {payment.Amount} tokens");
        if (statement.SpendableEpoch > 0)
            yield return ("  rests", $"until reward epoch {statement.SpendableEpoch}");
        if (statement.IsHeldBack)
            yield return ("  to", "nobody yet: held back while the device is accused");
        yield return ("  proven by", $"header {service.ProvenBy.Height.Value}, {service.ProvenBy.Hash}");
    }
}
