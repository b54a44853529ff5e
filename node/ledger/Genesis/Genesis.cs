using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>A validator of the first set.</summary>
/// <param name="PublicKey">secp256k1, 32 bytes, x only.</param>
/// <param name="Power">Its weight in votes, and so many whole tokens are its first stake.</param>
/// <param name="Moniker">Its name for people.</param>
public sealed record GenesisValidator(ReadOnlyMemory<byte> PublicKey, ulong Power, string Moniker)
{
    /// <summary>The account that holds its stake and speaks for it; if the file names none, the address of its own key.</summary>
    public Address Operator { get; init; } = Address.Of(KeyScheme.Secp256k1, PublicKey.Span);

    /// <summary>Its first stake.</summary>
    public Amount Stake => Amount.FromTokens(Power);

    /// <summary>The validator's address.</summary>
    public Address Address => Address.Of(KeyScheme.Secp256k1, PublicKey.Span);
}

/// <summary>An account's first balance and credits.</summary>
public sealed record GenesisAccount(Address Address, Amount Balance, Credits Credits = default);

/// <summary>A service's first sponsor pool.</summary>
public sealed record GenesisSponsor(uint Service, Credits Credits, Credits QuotaPerEpoch);

/// <summary>What a chain begins with: a validated genesis file. Its format is described in the room's README.</summary>
public sealed record Genesis
{
    private static readonly HashTag HashTag = new("AppChain/genesis");

    public required ChainId ChainId { get; init; }

    /// <summary>Unix time in ms at which the chain, and its reward epoch 0, begins.</summary>
    public required ulong TimeMs { get; init; }

    /// <summary>In the order of the file, which is their index.</summary>
    public required ImmutableArray<GenesisValidator> Validators { get; init; }

    public required ImmutableArray<GenesisAccount> Accounts { get; init; }

    public required ImmutableArray<ManufacturerRecord> Manufacturers { get; init; }

    /// <summary>Ascending by number.</summary>
    public required ImmutableArray<ServiceRecord> Services { get; init; }

    /// <summary>Ascending by service.</summary>
    public required ImmutableArray<GenesisSponsor> Sponsors { get; init; }

    /// <summary>Who may report the token's price.</summary>
    public required ImmutableArray<Address> PriceReporters { get; init; }

    public required ParametersRecord Parameters { get; init; }

    /// <summary><c>TaggedHash("AppChain/genesis", the file's bytes)</c>: two nodes are of one chain only if they agree on it.</summary>
    public required Hash256 Hash { get; init; }

    /// <summary>Reads and validates a genesis file.</summary>
    /// <param name="json">The file's bytes.</param>
    /// <param name="genesis">The genesis, or null.</param>
    /// <param name="error">Where and what is wrong: <c>services[0].metrics[1].minimum: expected …, found …</c>. Else null.</param>
    public static bool TryParse(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out Genesis? genesis, [NotNullWhen(false)] out string? error)
    {
        if (json.Length <= LedgerLimits.GenesisBytesMax)
            return JsonNodeReader.TryRead(json, root => GenesisReader.Read(root, HashTag.Hash(json.Span)), out genesis, out error);
        genesis = null;
        error = $"the file has {json.Length} bytes; at most {LedgerLimits.GenesisBytesMax} are read";
        return false;
    }

    /// <summary>The state at height 0, as changes of an empty one, ascending by key.</summary>
    public ImmutableArray<LedgerChange> InitialState()
    {
        Dictionary<StateKey, StateRecord> state = new()
        {
            [StateKey.Epoch] = new EpochRecord(TimeMs, Open: 0, Minted: 0),
            [StateKey.Supply] = new SupplyRecord(Allocated, Amount.Zero, Amount.Zero, AllocatedCredits, Credits.Zero),
            [StateKey.Treasury] = new TreasuryRecord(Amount.Zero),
            [StateKey.Parameters] = Parameters,
            [StateKey.ServiceDirectory] = new ServiceDirectory([.. Services.Select(service => service.Id)]),
            [StateKey.Validators] = FirstValidators,
            [StateKey.ValidatorDirectory] = new ValidatorDirectory(Bonded, (uint)Validators.Length, [.. Validators.Select(validator => validator.Operator).Order()]),
            [StateKey.ConsensusEpoch] = new ConsensusEpochRecord(Number: 0, EvidenceFrom: 0),
        };
        foreach (GenesisAccount account in Accounts)
            state.Add(StateKey.Account(account.Address), new AccountRecord(account.Balance, default, account.Credits));
        foreach (ManufacturerRecord manufacturer in Manufacturers)
            state.Add(StateKey.Manufacturer(manufacturer.FirstAddress), manufacturer);
        foreach (ServiceRecord service in Services)
            state.Add(StateKey.Service(service.Id), service);
        if (Services.Any(service => ProofKinds.Of(service.Kind).WantsEntropy))
            state.Add(StateKey.Entropy, EntropyRecord.Fresh);
        foreach (GenesisSponsor sponsor in Sponsors)
            state.Add(StateKey.Sponsor(sponsor.Service), new SponsorRecord(sponsor.Credits, sponsor.QuotaPerEpoch, Credits.Zero));
        if (!PriceReporters.IsEmpty)
            state.Add(StateKey.PriceReporters, new PriceReporters(PriceReporters));
        for (int i = 0; i < Validators.Length; i++)
            AddValidator(state, Validators[i], number: (uint)i);
        return [.. state.OrderBy(entry => entry.Key).Select(entry => new LedgerChange(entry.Key.Bytes.ToArray(), entry.Value.Encode()))];
    }

    /// <summary>The set of the first epoch of consensus.</summary>
    public ValidatorsRecord FirstValidators => new([.. Validators.Select(validator => new ValidatorSeat(validator.PublicKey, validator.Power))]);

    /// <summary>The sum of all first balances and stakes.</summary>
    private Amount Allocated => Accounts.Aggregate(Bonded, (sum, account) => sum + account.Balance);

    private Amount Bonded => Validators.Aggregate(Amount.Zero, (sum, validator) => sum + validator.Stake);

    private Credits AllocatedCredits => Accounts.Select(account => account.Credits).Concat(Sponsors.Select(sponsor => sponsor.Credits))
        .Aggregate(Credits.Zero, (sum, credits) => sum + credits);

    private static void AddValidator(Dictionary<StateKey, StateRecord> state, GenesisValidator validator, uint number)
    {
        state.Add(StateKey.Validator(validator.Operator), new ValidatorRecord
        {
            ConsensusKey = validator.PublicKey,
            Moniker = validator.Moniker,
            Stake = validator.Stake,
            Shares = validator.Stake.Grains,
        });
        state.Add(StateKey.ConsensusKey(validator.Address), new ConsensusKeyRecord(validator.Operator, number));
        state.Add(StateKey.Stake(validator.Operator), new StakeRecord(Amount.Zero, [new StakePosition(validator.Operator, validator.Stake.Grains, 0)]));
    }
}
