using System.CommandLine;
using System.Text.Json.Nodes;
using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node;
using AppChain.Node.Cli;
using AppChain.Node.Inspect;
using AppChain.Storage;

namespace Node.Tests;

public sealed class InspectTests
{
    private const int Blocks = 4;

    [Fact]
    public async Task Inspection_OfAStoppedValidator_ShowsEveryKindOfRecord()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        await network.RegisterDeviceAsync();
        await network.MakeBlocksAsync(Blocks);
        await network.WaitForHeightAsync(3, Blocks);
        string home = network.Home(3).Path;
        Assert.Equal(StorageFault.Locked, Assert.Throws<StorageException>(() => Inspect(home, "supply")).Fault);
        await network.StopAsync(3);

        // Whether the journal holds anything when a node stops is a matter of timing.
        using (ChainStore store = ChainStore.Open(network.Home(3).DataDirectory, new StoreOptions()))
            store.Journal.Append([new JournalEntry.OwnVote(new Vote(VoteBody.Nullify(default, new View(7)), 3, new byte[Vote.SignatureBytes])).Encode()]);

        EveryKindThatHasRecordsShowsThem(home);
        StateRecordsAreFoundByKey(home);
        BlocksAndTransactionsAreFoundById(home);
        RawRowsAreListedInPages(home);
        WhatIsNotThereIsSaid(home);
        DamagedBatchIsNamedAndTheRestShown(network.Home(3).DataDirectory, home);
    }

    /// <summary>The ledger's own golden records, of which every kind has one: what a kind of tomorrow must be able to.</summary>
    [Fact]
    public void StateRecords_OfEveryKind_HaveAReadableKeyAndAForm()
    {
        string[] golden = System.Text.Encoding.UTF8.GetString(Repository.Read("tests/Ledger.Tests/Golden/StateRecords.verified.txt")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (string[] line in golden.Select(static line => line.Split(' ')))
        {
            (byte[] key, byte[] value) = (Convert.FromHexString(line[1]), Convert.FromHexString(line[2]));
            StateLayout layout = StateLayout.Of(key)!;
            IReadOnlyList<(string Name, string Text)>? fields = StateKeyText.Fields(layout, key);
            Assert.NotNull(fields);
            Assert.Equal(key, StateKeyText.Prefix(layout, [.. fields.Select(field => field.Text)]));
            if (layout.Key.All(field => field.Part != StateKeyPart.Bytes))
                Assert.Null(StateKeyText.Fields(layout, (byte[])[.. key, 0]));
            Assert.NotEmpty(RecordText.Lines(RecordJson.Of(layout.Decode(value))!.AsObject()));
        }
        Assert.Equal(StateLayout.All.Length, golden.DistinctBy(static line => line.Split(' ')[1][..2]).Count());
    }

    private static void EveryKindThatHasRecordsShowsThem(string home)
    {
        Dictionary<byte, int> kept;
        using (StoreRecords records = StoreRecords.Open(new NodeHome(home).DataDirectory))
            kept = records.State().CountBy(static entry => entry.Key.Span[0]).ToDictionary();
        foreach (StateLayout layout in StateLayout.All)
        {
            string[] kind = [RecordJson.NameOf(layout.Kind.ToString())];
            int expected = kept.GetValueOrDefault((byte)layout.Kind);
            if (expected == 0 && layout.Key.IsEmpty)
                Assert.Contains("there is no " + kind[0], Refused(home, kind), StringComparison.Ordinal);
            else
                Assert.Equal(expected, InspectAll(home, kind).Count(row => row["record"] is not null));
        }
        foreach (string kind in new[] { "index", "journal", "meta" })
        {
            Assert.All(InspectAll(home, kind), row => Assert.NotNull(row["record"]));
            Assert.NotEmpty(Inspect(home, kind).Output);
        }
        Assert.Equal(RecordKind.All.Count, RecordKind.All.DistinctBy(kind => kind.Name).Count());
    }

    private static void StateRecordsAreFoundByKey(string home)
    {
        JsonObject device = Assert.Single(InspectAll(home, "device"));
        Assert.StartsWith("dev1", Text(device["address"]), StringComparison.Ordinal);
        Assert.Equal(device.ToJsonString(), Assert.Single(InspectAll(home, "device", Text(device["address"]))).ToJsonString());
        Assert.Equal("p256", Text(device["record"]!["scheme"]));
        string owner = Text(device["record"]!["owner"]);
        Assert.Equal("member", Text(InspectAll(home, "index", owner)[0]["index"]));
        Assert.Equal(["member"], InspectAll(home, "index", "1").Select(row => Text(row["index"])));
        Assert.Contains("history", InspectAll(home, "index", Text(device["address"])).Select(row => Text(row["index"])));
        // Amounts are grains, as text: a reader in JavaScript would round them.
        JsonNode supply = Assert.Single(InspectAll(home, "supply"))["record"]!;
        Assert.Equal(["genesis", "minted", "burned"], supply.AsObject().Select(property => property.Key).Take(3));
        Assert.True(ulong.Parse(Text(Assert.Single(InspectAll(home, "parameters"))["record"]!["epochMs"])) > 0);
        Assert.True(ulong.Parse(Text(supply["genesis"])) > 0);
        Assert.Equal(LocalNetwork.Validators, Assert.Single(InspectAll(home, "validators"))["record"]!["seats"]!.AsArray().Count);
        Assert.Contains("air", Text(Assert.Single(InspectAll(home, "service", "1"))["record"]!["definition"]!["name"]), StringComparison.Ordinal);
    }

    private static void BlocksAndTransactionsAreFoundById(string home)
    {
        string height = LastHeightWithTransfers(home);
        List<JsonObject> block = InspectAll(home, "block", height);
        Assert.Equal("headers", Text(block[0]["family"]));
        Assert.Equal(height, Text(block[0]["record"]!["header"]!["height"]));
        Assert.Contains("receipts", block.Select(row => Text(row["family"])));
        Assert.Equal("finalize", Text(Assert.Single(InspectAll(home, "certificate", "latest"))["record"]!["body"]!["kind"]));

        JsonNode receipt = block.First(row => Text(row["family"]) == "receipts")["record"]!.AsArray()[0]!;
        JsonObject transaction = Assert.Single(InspectAll(home, "transaction", Text(receipt["id"])));
        Assert.Equal("transfer", Text(transaction["transaction"]!["body"]!["message"]!["type"]));
        Assert.Equal("none", Text(transaction["record"]!["reason"]));
        Assert.Null(Assert.Single(InspectAll(home, "receipt", Text(receipt["id"])))["transaction"]);
        string batch = Text(block[0]["record"]!["batches"]!.AsArray()[0]!["id"]);
        Assert.Equal(Text(receipt["id"]), Text(Assert.Single(InspectAll(home, "batch", batch))["record"]!["transactions"]!.AsArray()[0]!["id"]));
        Assert.Equal("header-hash", Text(Assert.Single(InspectAll(home, "index", Text(block[0]["record"]!["headerHash"])))["index"]));
        JsonObject vote = InspectAll(home, "journal")[^1];
        Assert.Equal(("own-vote", "7"), (Text(vote["entry"]), Text(vote["record"]!["vote"]!["body"]!["view"])));
    }

    private static void RawRowsAreListedInPages(string home)
    {
        JsonObject account = InspectAll(home, "account")[0];
        JsonObject raw = Parse(Inspect(home, "--family", "state", "--key", Text(account["key"]), "--json"))[0];
        Assert.Equal(Text(account["record"]!["balance"]), Text(raw["record"]!["balance"]));
        Assert.Equal(AccountRecord.Decode(Convert.FromHexString(Text(raw["value"]))).Balance.Grains, ulong.Parse(Text(account["record"]!["balance"])));

        List<string> all = [.. Parse(Inspect(home, "--family", "state", "--limit", "1000", "--json")).Select(row => Text(row["key"]))], paged = [];
        Finished page = Inspect(home, "--family", "state", "--limit", "3", "--json");
        while (true)
        {
            paged.AddRange(Parse(page).Select(row => Text(row["key"])));
            if (page.Errors.Length == 0)
                break;
            Assert.EndsWith($"--after {paged[^1]}", page.Errors.TrimEnd(), StringComparison.Ordinal);
            page = Inspect(home, "--family", "state", "--limit", "3", "--after", paged[^1], "--json");
        }
        Assert.Equal(all, paged);
        Assert.Equal(all.Where(key => key.StartsWith("10", StringComparison.Ordinal)), Parse(Inspect(home, "--family", "state", "--prefix", "10", "--json")).Select(row => Text(row["key"])));
        Assert.Equal("tip", Text(Parse(Inspect(home, "--family", "meta", "--key", "tip", "--json"))[0]["key"]));
    }

    private static void WhatIsNotThereIsSaid(string home)
    {
        Assert.Contains("there is no pool 1 77", Refused(home, "pool", "1", "77"), StringComparison.Ordinal);
        Assert.Contains("there is no transaction", Refused(home, "transaction", new string('0', 64)), StringComparison.Ordinal);
        Assert.Contains("there is no 999999", Refused(home, "block", "999999"), StringComparison.Ordinal);
        Assert.Contains("is not an address", Refused(home, "account", "app1nobody"), StringComparison.Ordinal);
        Assert.Contains("is no kind of record", Refused(home, "accounts"), StringComparison.Ordinal);
        Assert.Contains("not hex", Refused(home, "--family", "state", "--key", "xyz"), StringComparison.Ordinal);
        Assert.Empty(Inspect(home, "pool").Output);
    }

    private static void DamagedBatchIsNamedAndTheRestShown(string data, string home)
    {
        string id = Text(InspectAll(home, "block", LastHeightWithTransfers(home))[0]["record"]!["batches"]!.AsArray()[0]!["id"]);
        using (ChainStore store = ChainStore.Open(data, new StoreOptions()))
            store.PutBatch(new Hash256(Convert.FromHexString(id)), [1, 2, 3]);
        Finished listed = Inspect(home, "--family", "batches", "--json");
        Assert.Equal(1, listed.ExitCode);
        Assert.Contains($"column family batches, key {id}", listed.Errors, StringComparison.Ordinal);
        Assert.Contains(StoreRecords.RepairAdvice, listed.Errors, StringComparison.Ordinal);
        Assert.NotEmpty(Parse(listed));
        Assert.DoesNotContain(Parse(listed), row => Text(row["key"]) == id);
    }

    // Blocks without transactions come between; the registration came first.
    private static string LastHeightWithTransfers(string home) => Text(InspectAll(home, "--family", "receipts")[^1]["record"]!.AsArray()[0]!["height"]);

    private sealed record Finished(int ExitCode, string Output, string Errors);

    private static Finished Inspect(string home, params string[] arguments)
    {
        using StringWriter output = new(), errors = new();
        InvocationConfiguration configuration = new() { Output = output, Error = errors, EnableDefaultExceptionHandler = false };
        int code = InspectCommand.Create().Parse([home, .. arguments]).Invoke(configuration);
        return new Finished(code, output.ToString(), errors.ToString());
    }

    private static string Refused(string home, params string[] arguments) => Assert.Throws<CommandException>(() => Inspect(home, arguments)).Message;

    private static List<JsonObject> InspectAll(string home, params string[] arguments)
    {
        Finished run = Inspect(home, [.. arguments, "--json", "--limit", "1000"]);
        Assert.True(run.ExitCode == 0, run.Errors);
        return Parse(run);
    }

    private static List<JsonObject> Parse(Finished run) => [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];

    private static string Text(JsonNode? node) => node!.GetValue<string>();
}
