using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text.Json;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>From the JSON of a genesis file to <see cref="Genesis"/>: every member with its bounds.</summary>
internal static class GenesisReader
{
    public static Genesis Read(JsonElement root, Hash256 hash)
    {
        JsonNodeReader file = new("", root);
        List<GenesisSponsor> sponsors = [];
        Genesis genesis = new()
        {
            ChainId = ReadChainId(file),
            TimeMs = file.UInt64("timeMs", 1, long.MaxValue),
            Validators = [.. file.Objects("validators", 1, LedgerLimits.ValidatorsMax).Select(ReadValidator)],
            Accounts = [.. file.Objects("accounts", 0, LedgerLimits.GenesisEntriesMax).Select(ReadAccount)],
            Manufacturers = [.. file.Objects("manufacturers", 0, LedgerLimits.GenesisEntriesMax).Select(ReadManufacturer)],
            Services = [.. file.Objects("services", 0, LedgerLimits.ServicesMax).Select(node => ReadService(node, sponsors))],
            Sponsors = [.. sponsors],
            PriceReporters = ReadPriceReporters(file),
            Parameters = ReadParameters(file.Object("parameters")),
            Hash = hash,
        };
        file.End();
        CheckWhole(genesis);
        return genesis;
    }

    private static ChainId ReadChainId(JsonNodeReader file)
    {
        string text = file.Text("chainId", LedgerLimits.ChainIdLengthMax);
        return ChainId.TryParse(text, out ChainId chainId)
            ? chainId
            : throw new GenesisFormatException(
                "chainId", $"expected 1 to {LedgerLimits.ChainIdLengthMax} of a–z, 0–9 and -, found \"{text}\"");
    }

    private static GenesisValidator ReadValidator(JsonNodeReader node)
    {
        GenesisValidator validator = new(
            node.PublicKey("publicKey", KeyScheme.Secp256k1), node.UInt64("power", 1, uint.MaxValue), node.Text("moniker"));
        if (node.Has("operator"))
            validator = validator with { Operator = node.Account("operator") };
        node.End();
        return validator;
    }

    private static GenesisAccount ReadAccount(JsonNodeReader node)
    {
        GenesisAccount account = new(node.Account("address"), new Amount(node.UInt64("balance", 0, ulong.MaxValue)), ReadCredits(node));
        node.End();
        return account;
    }

    private static ManufacturerRecord ReadManufacturer(JsonNodeReader node)
    {
        string name = node.Text("name");
        KeyScheme scheme = node.Scheme("scheme");
        ManufacturerRecord manufacturer = new(name, scheme, node.PublicKey("publicKey", scheme));
        node.End();
        return manufacturer;
    }

    private static Credits ReadCredits(JsonNodeReader node) =>
        node.Has("credits") ? new Credits(node.UInt64("credits", 0, LedgerLimits.GenesisCreditsMax)) : Credits.Zero;

    private static ServiceRecord ReadService(JsonNodeReader node, List<GenesisSponsor> sponsors)
    {
        ServiceRecord service = new()
        {
            Id = node.UInt32("id", 1, uint.MaxValue),
            Owner = node.Has("owner") ? node.Account("owner") : null,
            RewardWeight = node.Has("rewardWeight") ? node.UInt32("rewardWeight", 1, Parameters.Million) : 1,
            Definition = ReadDefinition(node),
        };
        if (node.Has("sponsor"))
            sponsors.Add(ReadSponsor(service.Id, node.Object("sponsor")));
        node.End();
        CheckAscending(node.At("metrics"), service.Metrics.Select(metric => metric.Id));
        CheckUnique(node.At("manufacturers"), service.Manufacturers);
        if (!ServiceBounds.Allow(service.Definition))
            throw new GenesisFormatException(node.Path, "a name, a unit or the endpoint has characters that are not allowed there");
        return service;
    }

    internal static ServiceDefinition ReadDefinition(JsonNodeReader node)
    {
        IProofRules rules = ReadKind(node);
        bool attested = !node.Has("attestationRequired") || node.Flag("attestationRequired");
        return new ServiceDefinition
        {
            Name = node.Text("name"),
            Kind = rules.Kind,
            RulesVersion = node.Has("rulesVersion") ? node.UInt32("rulesVersion", 1, rules.VersionMax) : rules.VersionMax,
            IntervalMinMs = node.UInt64("intervalMinMs", 1, ServiceBounds.IntervalMsMax),
            MaxAgeMs = node.UInt64("maxAgeMs", 1, ServiceBounds.MaxAgeMsMax),
            DriftMs = node.UInt64("driftMs", 0, ServiceBounds.DriftMsMax),
            ConstancyMax = node.UInt32("constancyMax", 1, uint.MaxValue),
            AttestationRequired = attested,
            DeviceBond = new Amount(node.Has("deviceBond") ? node.UInt64("deviceBond", 0, ulong.MaxValue) : 0),
            Price = new Credits(node.Has("price") ? node.UInt64("price", 0, ulong.MaxValue) : 0),
            Endpoint = node.Has("endpoint") ? node.Text("endpoint", LedgerLimits.EndpointLengthMax) : "",
            KindParameters = rules.ReadParameters(node),
            Manufacturers =
            [
                .. node.Array("manufacturers", attested ? 1 : 0, LedgerLimits.ServiceManufacturersMax)
                    .Select(item => JsonNodeReader.ParseAccount(item.Path, item.Element)).Order(),
            ],
            // Only sensors measure.
            Metrics = rules.Kind == ProofKind.SensorTelemetry || node.Has("metrics")
                ? [.. node.Objects("metrics", 1, LedgerLimits.ServiceMetricsMax).Select(ReadMetric)]
                : [],
        };
    }

    private static IProofRules ReadKind(JsonNodeReader node)
    {
        string kind = node.Text("kind");
        return ProofKinds.Find(kind)
            ?? throw new GenesisFormatException(node.At("kind"), $"expected {ProofKinds.Names}, found \"{kind}\"");
    }

    private static MetricRule ReadMetric(JsonNodeReader node)
    {
        MetricRule metric = new(
            node.UInt32("id", 1, uint.MaxValue),
            node.Text("name"),
            node.Text("unit"),
            node.Int64("minimum"),
            node.Int64("maximum"),
            node.UInt64("jumpBase", 0, ulong.MaxValue),
            node.UInt64("jumpPerMinute", 0, ulong.MaxValue));
        node.End();
        if (metric.Minimum > metric.Maximum)
            throw new GenesisFormatException(node.At("minimum"), $"expected at most the maximum {metric.Maximum}, found {metric.Minimum}");
        return metric;
    }

    private static GenesisSponsor ReadSponsor(uint service, JsonNodeReader node)
    {
        GenesisSponsor sponsor = new(service, ReadCredits(node), new Credits(node.UInt64("quotaPerEpoch", 1, ulong.MaxValue)));
        node.End();
        return sponsor;
    }

    private static ImmutableArray<Address> ReadPriceReporters(JsonNodeReader file) => !file.Has("priceReporters")
        ? []
        : [
            .. file.Array("priceReporters", 0, LedgerLimits.PriceReportersMax)
                .Select(item => JsonNodeReader.ParseAccount(item.Path, item.Element)).Order(),
        ];

    // What is not named has its default.
    private static ParametersRecord ReadParameters(JsonNodeReader node)
    {
        ParametersRecord parameters = ParametersRecord.Default.With(Parameters.All
            .Where(entry => node.Has(entry.Name))
            .Select(entry => KeyValuePair.Create(entry.Parameter, node.UInt64(entry.Name, entry.Minimum, entry.Maximum))));
        node.End();
        Reason reason = ParameterRules.Check(parameters);
        return reason == Reason.None ? parameters : throw new GenesisFormatException("parameters", reason.Explanation());
    }

    private static void CheckWhole(Genesis genesis)
    {
        CheckUnique("validators", genesis.Validators.Select(validator => validator.Address));
        CheckUnique("validators[].operator", genesis.Validators.Select(validator => validator.Operator));
        CheckUnique("accounts", genesis.Accounts.Select(account => account.Address));
        CheckUnique("manufacturers", genesis.Manufacturers.Select(manufacturer => manufacturer.FirstAddress));
        CheckUnique("priceReporters", genesis.PriceReporters);
        CheckAscending("services", genesis.Services.Select(service => (ulong)service.Id));

        HashSet<Address> known = [.. genesis.Manufacturers.Select(manufacturer => manufacturer.FirstAddress)];
        for (int i = 0; i < genesis.Services.Length; i++)
        {
            foreach (Address manufacturer in genesis.Services[i].Manufacturers)
            {
                if (!known.Contains(manufacturer))
                {
                    string address = AddressText.Format(manufacturer, AddressKind.Account);
                    throw new GenesisFormatException($"services[{i}].manufacturers", $"{address} is none of this file's manufacturers");
                }
            }
        }

        UInt128 bonded = genesis.Validators.Aggregate(UInt128.Zero, (sum, validator) => sum + validator.Stake.Grains);
        UInt128 allocated = genesis.Accounts.Aggregate(bonded, (sum, account) => sum + account.Balance.Grains);
        ulong supplyMax = genesis.Parameters.SupplyMax.Grains;
        if (allocated > supplyMax)
            throw new GenesisFormatException("accounts", $"the balances and the validators' stake sum up to {allocated}, more than supplyMax {supplyMax}");
    }

    private static void CheckUnique(string path, IEnumerable<Address> addresses)
    {
        HashSet<Address> seen = [];
        foreach (Address address in addresses)
        {
            if (!seen.Add(address))
                throw new GenesisFormatException(path, $"{address} is there twice");
        }
    }

    private static void CheckAscending<T>(string path, IEnumerable<T> ids)
        where T : IComparable<T>
    {
        T[] all = [.. ids];
        for (int i = 1; i < all.Length; i++)
        {
            if (all[i].CompareTo(all[i - 1]) <= 0)
                throw new GenesisFormatException(path, $"expected ascending ids, found {all[i]} after {all[i - 1]}");
        }
    }
}
