using System.CommandLine;
using System.Globalization;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Protos.V1;
using Address = AppChain.Crypto.Address;

namespace AppChain.Node.Cli;

/// <summary><c>appchain query</c>: reads what is final.</summary>
internal static class QueryCommand
{
    private static readonly Option<string> Node = CommonOptions.Node();
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create() => new("query", "Read accounts, devices, services, transactions, blocks and the supply")
    {
        Query("account", "An account's balance", "address", "app1… or 40 hex digits", AccountAsync),
        Query("device", "A device, its work and its rewards", "address", "dev1… or 40 hex digits", DeviceAsync),
        Query("service", "A service: what it measures, and the open reward epoch", "id", "the service's number", ServiceAsync),
        Query("manufacturer", "A manufacturer and its keys", "address", "app1… or 40 hex digits", ManufacturerAsync),
        Query("did", "A device's W3C DID document", "did", "did:appchain:CHAIN:dev1…", DidAsync),
        Query("tx", "A final transaction and what became of it", "id", "64 hex digits", TransactionAsync),
        Query("block", "A final block", "height", "a height, \"latest\", or a time such as 2026-11-21T12:00:00Z", BlockAsync),
        CreditQueries.Price(),
        CreditQueries.Channel(),
        CreditQueries.Usage(),
        AgreementQueries.Deal(),
        AgreementQueries.Job(),
        MappingQueries.Image(),
        MappingQueries.Tile(),
        ListQueries.History(),
        ListQueries.Devices(),
        Plain("services", "All services", ServicesAsync),
        Plain("validators", "All validators: their stake, power and standing", StakeQueries.ValidatorsAsync),
        Query("stake", "What an account has bonded", "address", "app1… or 40 hex digits", StakeQueries.StakeAsync),
        Plain("supply", "Tokens allocated, minted and burned", SupplyAsync),
        Plain("upgrade", "Which version of the chain's rules is followed, and the planned upgrade", UpgradeAsync),
        Audit(),
    };

    private static Command Query(string name, string description, string argument, string meaning, Func<NodeClient, string, bool, Task> query)
    {
        Argument<string> what = new(argument) { Description = meaning };
        Command command = new(name, description) { what, Node, Json };
        command.SetAction(async (arguments, _) =>
        {
            await using NodeClient client = arguments.Connect(Node);
            await query(client, arguments.GetValue(what)!, arguments.GetValue(Json));
        });
        return command;
    }

    private static Command Plain(string name, string description, Func<NodeClient, bool, Task> query)
    {
        Command command = new(name, description) { Node, Json };
        command.SetAction(async (arguments, _) =>
        {
            await using NodeClient client = arguments.Connect(Node);
            await query(client, arguments.GetValue(Json));
        });
        return command;
    }

    private static Command Audit()
    {
        AdminTls tls = new();
        Command command = new("audit", "Add up the whole state and compare it with the supply (by an admin call: docs/admin.md)") { Node, Json, tls.Certificate, tls.Key, tls.Authority };
        command.SetAction(async (arguments, _) =>
        {
            await using NodeClient client = tls.Connect(arguments, arguments.GetValue(Node)!);
            await AuditAsync(client, arguments.GetValue(Json));
        });
        return command;
    }

    private static async Task AccountAsync(NodeClient client, string address, bool json)
    {
        Account account = await client.GetAccountAsync(CommonOptions.ParseAddress(address));
        Output.Print(json, account,
            ("account", Output.AddressOf(account.Address, AddressKind.Account)),
            ("balance", Output.Tokens(account.Balance)),
            ("resting", account.Resting.Count == 0 ? "nothing" : string.Join(", ", account.Resting.Select(static rest => $"{Output.Tokens(rest.Amount)} until reward epoch {rest.SpendableEpoch}"))),
            ("credits", Output.Number(account.Credits)),
            ("burned for them", $"{Output.Tokens(account.CreditsCost)} for the last {account.CreditsBought} that are not spent"),
            ("next sequence", Output.Number(account.NextSequence)),
            ("at height", Output.Number(account.Height)));
    }

    private static async Task DeviceAsync(NodeClient client, string address, bool json)
    {
        Address wanted = CommonOptions.ParseAddress(address);
        Device device = await client.FindDeviceAsync(wanted) ?? throw new CommandException($"no device {address} is registered.");
        Output.Print(json, device, [.. Rows(device)]);
    }

    private static IEnumerable<(string, string)> Rows(Device device)
    {
        yield return ("device", Output.AddressOf(device.Address, AddressKind.Device) + (device.Revoked ? ", REVOKED by its manufacturer" : ""));
        yield return ("owner", Output.AddressOf(device.Owner, AddressKind.Account));
        yield return ("manufacturer", device.Manufacturer.IsEmpty ? "–" : $"{Output.AddressOf(device.Manufacturer, AddressKind.Account)}, batch {device.Batch}");
        yield return ("key", $"{device.Scheme}, {Output.Hex(device.PublicKey)}");
        yield return ("location", string.Create(CultureInfo.InvariantCulture,
            $"{device.LatitudeE7 / 1e7:F7}, {device.LongitudeE7 / 1e7:F7}, {device.AltitudeCm / 100.0:F2} m, since {Output.Time(device.MovedMs)}"));
        yield return ("registered", Output.Time(device.RegisteredMs));
        foreach (Payee payee in device.Payees)
            yield return ("payee", string.Create(CultureInfo.InvariantCulture, $"{Output.AddressOf(payee.Account, AddressKind.Account)}, {payee.SharePpm / 10_000.0} %"));
        foreach ((string, string) row in device.Enrollments.SelectMany(Rows))
            yield return row;
        yield return ("next sequence", Output.Number(device.NextSequence));
        yield return ("at height", Output.Number(device.Height));
    }

    private static IEnumerable<(string, string)> Rows(Enrollment enrollment)
    {
        yield return ("service", $"{enrollment.Service}{(enrollment.Leaving ? ", leaving" : "")}");
        if (enrollment.Bond > 0)
            yield return ("  bond", Output.Tokens(enrollment.Bond));
        yield return ("  last observed", enrollment.LastObservedMs == 0 ? "–" : Output.Time(enrollment.LastObservedMs));
        yield return ("  proofs", $"{enrollment.ProofsAccepted} accepted, {enrollment.ProofsRejected} rejected");
        yield return ("  units", $"{enrollment.Units} in reward epoch {enrollment.Epoch}");
        yield return ("  earned", $"{Output.Tokens(enrollment.Settled)} paid out, {Output.Tokens(enrollment.Unsettled)} with its next proof");
        if (enrollment.Batch is { } batch)
            yield return ("  batch", $"{batch.Count} proofs, {(batch.Beacon.IsEmpty ? "not drawn from yet" : $"{batch.Opened} of {Math.Min(batch.Count, batch.Draws)} drawn leaves opened")}, {Output.Hex(batch.Proof)}");
        if (enrollment.BatchDistrust > 0)
            yield return ("  distrust", $"{enrollment.BatchDistrust} lost batches: the next one counts 1/{1 << (int)enrollment.BatchDistrust}");
    }

    private static async Task ManufacturerAsync(NodeClient client, string address, bool json)
    {
        Manufacturer manufacturer = await client.FindManufacturerAsync(CommonOptions.ParseAddress(address))
            ?? throw new CommandException($"no manufacturer {address} is registered.");
        Output.Print(json, manufacturer,
        [
            ("manufacturer", $"{Output.AddressOf(manufacturer.Address, AddressKind.Account)}, {manufacturer.Name}"),
            ("admin", Output.AddressOf(manufacturer.Admin, AddressKind.Account)),
            .. manufacturer.Roots.Select(static root => ("key", $"{root.Scheme}, {Output.Hex(root.PublicKey)}")),
        ]);
    }

    private static async Task DidAsync(NodeClient client, string did, bool json)
    {
        ResolveDidResponse found = await client.ResolveDidAsync(did) ?? throw new CommandException($"no device of this chain is {did}.");
        Console.WriteLine(found.Document.ToStringUtf8());
        if (found.Deactivated && !json)
            Console.Error.WriteLine("The device is revoked by its manufacturer.");
    }

    private static async Task ServiceAsync(NodeClient client, string id, bool json)
    {
        if (!uint.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out uint number))
            throw new CommandException($"\"{id}\" is not a service number.");
        Service service = await client.GetServiceAsync(number);
        Output.Print(json, service, [.. Rows(service)]);
    }

    private static async Task ServicesAsync(NodeClient client, bool json)
    {
        ListServicesResponse all = await client.ListServicesAsync();
        Output.Print(json, all, [.. all.Services.SelectMany(Rows)]);
    }

    private static IEnumerable<(string, string)> Rows(Service service)
    {
        yield return ("service", $"{service.Id}, {service.Name} ({service.Kind})");
        yield return ("owner", service.Owner.IsEmpty ? "–" : $"{Output.AddressOf(service.Owner, AddressKind.Account)}, bond {Output.Tokens(service.Bond)}");
        yield return ("devices", (service.Definition.AttestationRequired ? $"of {service.Definition.Manufacturers.Count} manufacturers" : "of anybody")
            + (service.Definition.DeviceBond > 0 ? $", bond {Output.Tokens(service.Definition.DeviceBond)} each" : ""));
        yield return ("sponsor", service.SponsorQuota == 0 ? "–" : $"{service.SponsorCredits} credits, {service.SponsorQuota} for a device in a reward epoch");
        yield return ("reward epoch", $"{service.Epoch}, {service.EpochUnits} units and {service.EpochBurned} credits of demand so far, weight {service.RewardWeight}");
        if (service.Candidate is { } candidate)
        {
            yield return ("candidate", $"rules version {candidate.Definition.RulesVersion}, judges in reward epochs {candidate.FirstEpoch} to {candidate.EndEpoch - 1}, pays nothing; {candidate.Units} units in the open one; --json shows all of it");
        }
        yield return ("observations", $"at least {service.IntervalMinMs} ms apart, at most {service.MaxAgeMs} ms old");
        foreach (Metric metric in service.Metrics)
        {
            yield return ("metric", string.Create(CultureInfo.InvariantCulture,
                $"{metric.Id}, {metric.Name}: {metric.Minimum / 1000.0} to {metric.Maximum / 1000.0} {metric.Unit}, may change by {metric.JumpBase / 1000.0} and {metric.JumpPerMinute / 1000.0} a minute"));
        }
    }

    private static async Task TransactionAsync(NodeClient client, string id, bool json)
    {
        if (!Hash256.TryParse(id, out Hash256 hash))
            throw new CommandException($"\"{id}\" is not a transaction id; expected 64 hex digits.");
        TransactionRecord record = await client.FindTransactionAsync(hash) ?? throw new CommandException("no final block holds this transaction; it may still be on its way.");
        Output.Print(json, record, [.. Rows(record)]);
    }

    private static IEnumerable<(string, string)> Rows(TransactionRecord record)
    {
        yield return ("transaction", Output.Hex(record.Receipt.TransactionId));
        yield return ("block", $"{record.Height}, place {record.Index}");
        yield return ("outcome", record.Reason.Length == 0 ? "applied" : $"{record.Reason}: {record.Explanation}");
        if (record.Receipt.Verdict is { } verdict)
            yield return ("verdict", $"{verdict.Units} units in reward epoch {verdict.Epoch}");
    }

    private static async Task BlockAsync(NodeClient client, string height, bool json)
    {
        Block block = height == "latest" ? await client.GetBlockAsync((await client.GetStatusAsync()).Height)
            : ulong.TryParse(height, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? await client.GetBlockAsync(number)
            : DateTimeOffset.TryParse(height, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? await client.GetBlockAtAsync(time)
            : throw new CommandException($"\"{height}\" is neither a height, nor \"latest\", nor a time.");
        Output.Print(json, block,
            ("height", Output.Number(block.Header.Height)),
            ("hash", Output.Hex(block.Hash)),
            ("parent", Output.Hex(block.Header.ParentHash)),
            ("time", Output.Time(block.Header.TimeMs)),
            ("view", $"{block.Header.View}, led by validator {block.Header.Leader}"),
            ("transactions", $"{block.TransactionCount} in {block.Payload.BatchIds.Count} batches"),
            ("rewards", block.Payload.MintRewards.IsEmpty ? "none minted" : "minted for the epoch that ended"),
            ("state root", $"{Output.Hex(block.Header.StateRoot)} before, {Output.Hex(block.StateRoot)} after"),
            ("beacon", Output.Hex(block.Header.Beacon)),
            ("finalization", block.Certificate.IsEmpty ? "covered by a later block's" : $"its own, {block.Certificate.Length} bytes"));
    }

    private static async Task SupplyAsync(NodeClient client, bool json)
    {
        Supply supply = await client.GetSupplyAsync();
        Output.Print(json, supply,
            ("genesis", Output.Tokens(supply.Genesis)),
            ("minted", $"{Output.Tokens(supply.Minted)} in {supply.EpochsMinted} reward epochs"),
            ("burned", Output.Tokens(supply.Burned)),
            ("treasury", Output.Tokens(supply.Treasury)),
            ("credits issued", Output.Number(supply.CreditsIssued)),
            ("credits spent", Output.Number(supply.CreditsSpent)),
            ("at height", Output.Number(supply.Height)));
    }

    private static async Task UpgradeAsync(NodeClient client, bool json)
    {
        Upgrade upgrade = await client.Governance.GetUpgradeAsync();
        Output.Print(json, upgrade,
            ("rules", $"version {upgrade.Version}"),
            ("planned", upgrade.PlannedHeight == 0 ? "nothing" : $"version {upgrade.PlannedVersion} from block {upgrade.PlannedHeight} on"),
            ("this node", $"knows versions up to {upgrade.Supported}{(upgrade.PlannedVersion > upgrade.Supported ? ": it will stop there" : "")}"),
            ("at height", Output.Number(upgrade.Height)));
    }

    private static async Task AuditAsync(NodeClient client, bool json)
    {
        SupplyAudit audit = await client.AuditSupplyAsync();
        Output.Print(json, audit,
            ("balances", Output.Tokens(audit.Balances)),
            ("pools", Output.Tokens(audit.Pools)),
            ("treasury", Output.Tokens(audit.Treasury)),
            ("staked", Output.Tokens(audit.Staked)),
            ("deposits", Output.Tokens(audit.Deposits)),
            ("bonds", Output.Tokens(audit.Bonds)),
            ("genesis", Output.Tokens(audit.Genesis)),
            ("minted", Output.Tokens(audit.Minted)),
            ("burned", Output.Tokens(audit.Burned)),
            ("credits", Output.Number(audit.Credits)),
            ("credits issued", Output.Number(audit.CreditsIssued)),
            ("credits spent", Output.Number(audit.CreditsSpent)),
            ("conserved", audit.Conserved ? "yes" : "NO: what is held is not what was allocated, minted and burned, or issued and spent"),
            ("at height", Output.Number(audit.Height)));
    }
}
