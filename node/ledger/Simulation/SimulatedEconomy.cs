using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// A chain without blocks, signatures and proofs, on which only money moves: to look at years of it, or to try to cheat it, in moments. What moves it are the ledger's
/// own functions; there is no second arithmetic here.
/// </summary>
/// <remarks>Not a way around the ledger: its state is its own, and nothing of it gets into a chain.</remarks>
public sealed class SimulatedEconomy
{
    private readonly MemoryState state = new();
    private readonly ChainId chain;
    private LedgerSession session;
    private ulong works;

    /// <summary>Begins where a genesis does: its parameters, services, accounts and validators.</summary>
    public SimulatedEconomy(Genesis genesis)
    {
        state.Apply(genesis.InitialState());
        chain = genesis.ChainId;
        TimeMs = genesis.TimeMs;
        session = new LedgerSession(state);
    }

    /// <summary>Unix time in ms: the beginning of the open reward epoch.</summary>
    public ulong TimeMs { get; private set; }

    /// <summary>The open reward epoch.</summary>
    public ulong Epoch => EpochRecord.Get(session).Open;

    /// <summary>What all was minted and burned.</summary>
    public SupplyRecord Supply => SupplyRecord.Get(session);

    /// <summary>The treasury's balance.</summary>
    public Amount Treasury => TreasuryRecord.Get(session).Balance;

    /// <summary>The services of the genesis, ascending.</summary>
    public IReadOnlyList<uint> Services => ServiceDirectory.Get(session).Services;

    /// <summary>The value of a parameter.</summary>
    public ulong this[Parameter parameter] => session.Parameters[parameter];

    /// <summary>Assumes a price, in micro-dollars per token, until it is changed.</summary>
    public void SetPrice(ulong microDollars) => SetParameter(Parameter.PriceFallback, microDollars);

    /// <summary>Sets a parameter, as a vote would.</summary>
    public void SetParameter(Parameter parameter, ulong value) =>
        session.Put(StateKey.Parameters, session.Parameters.With(KeyValuePair.Create(parameter, value)));

    /// <summary>An account that genesis had given an amount.</summary>
    public Address AddAccount(string name, Amount balance)
    {
        Address address = AddressOf("account", name);
        AccountRecord.Credit(session, address, balance);
        SupplyRecord supply = Supply;
        session.Put(StateKey.Supply, supply with { Genesis = supply.Genesis + balance });
        return address;
    }

    /// <summary>A device that works for one service.</summary>
    public Address AddDevice(string name, Address owner, uint service)
    {
        Address address = AddressOf("device", name);
        session.PutDevice(address, before: null, new DeviceRecord
        {
            Owner = owner,
            Manufacturer = null,
            Scheme = KeyScheme.Secp256k1,
            PublicKey = new byte[32],
            Enrollments = [new Enrollment { Service = service }],
        });
        return address;
    }

    /// <summary>What an account has: its balance, and what rests.</summary>
    public Amount Wealth(Address account) => AccountRecord.Get(session, account) is var record ? record.Balance + record.Resting.Total : default;

    /// <summary>What an account can spend.</summary>
    public Amount Balance(Address account) => AccountRecord.Get(session, account).Balance;

    /// <summary>An account's credits.</summary>
    public Credits CreditsOf(Address account) => AccountRecord.Get(session, account).Credits;

    /// <summary>Moves what the sender has.</summary>
    public void Move(Address from, Address to, Amount amount)
    {
        AccountRecord.Debit(session, from, amount);
        AccountRecord.Credit(session, to, amount);
    }

    /// <summary>Burns tokens of an account for credits.</summary>
    public Reason Burn(Address account, Amount amount) => new BurnForCredits(amount).Burn(session, account, TimeMs);

    /// <summary>Spends an account's credits, at most those that it has, on a device's work.</summary>
    public void Serve(uint service, Address device, Address payer, Credits credits)
    {
        AccountRecord account = AccountRecord.Get(session, payer);
        Credits spent = credits < account.Credits ? credits : account.Credits;
        session.PutAccount(payer, account with { Credits = account.Credits - spent });
        session.SpendCredits(spent);
        Demand.Served(session, service, device, payer, spent);
    }

    /// <summary>A device's proofs are accepted.</summary>
    public void Work(uint service, Address device, ulong units)
    {
        Settle(device);
        DeviceRecord before = DeviceRecord.Get(session, device);
        Verdict verdict = new(Reason.None, units, Epoch, service);
        Hash256 receipt = Hashing.Sha256(BitConverter.GetBytes(works++));
        session.PutDevice(device, before, before.With(ProofFrame.Count(session, before.In(service)!, receipt, verdict)));
    }

    /// <summary>Touches a device: what it earned in finished epochs is paid.</summary>
    public void Settle(Address device)
    {
        DeviceRecord before = DeviceRecord.Get(session, device);
        session.PutDevice(device, before, Settlement.SettleAll(session, device, before));
        session.MakeReceipt(default, Reason.None); // what was settled has been told
    }

    /// <summary>Ends the open epoch, and says what was minted for it.</summary>
    public MintRewards EndEpoch()
    {
        session.FlushSpent();
        TimeMs += session.Parameters.EpochMs;
        MintRewards mint = RewardSchedule.MintDue(session, TimeMs) ?? throw new LedgerInvariantException("An epoch has passed and nothing is due.");
        mint.Apply(session, new BlockContext(chain, Epoch + 1, TimeMs));
        state.Apply(session.Changes());
        session = new LedgerSession(state);
        return mint;
    }

    /// <summary>Adds everything up, as of the end of the last epoch.</summary>
    public SupplyAudit Audit() => SupplyAudit.Of(state.Entries);

    private static Address AddressOf(string kind, string name) => new(Hashing.Sha256(Encoding.UTF8.GetBytes($"{kind}/{name}")).Bytes[..Address.Size]);

    private sealed class MemoryState : ILedgerState
    {
        private readonly Dictionary<StateKey, ReadOnlyMemory<byte>> entries = [];

        public IEnumerable<KeyValuePair<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>> Entries =>
            entries.Select(static entry => KeyValuePair.Create((ReadOnlyMemory<byte>)entry.Key.Bytes.ToArray(), entry.Value));

        public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value) => entries.TryGetValue(StateKey.From(key), out value);

        public void Apply(IEnumerable<LedgerChange> changes)
        {
            foreach (LedgerChange change in changes)
            {
                if (change.Value is { } value)
                    entries[StateKey.From(change.Key.Span)] = value;
                else
                    entries.Remove(StateKey.From(change.Key.Span));
            }
        }
    }
}
