using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Peers;

/// <summary>
/// Who the other validators are to this node, and where they are reached. A peer is known by the number of its consensus key, which the state gives once
/// and for all: genesis's keys have their place in the file. Any thread reads; whoever commits blocks refreshes it.
/// </summary>
/// <param name="ownKey">This node's consensus key.</param>
/// <param name="configured">Addresses from the configuration, by number. They win over what the state says.</param>
/// <param name="state">The state after the last final block.</param>
public sealed class PeerBook(ReadOnlyMemory<byte> ownKey, IReadOnlyDictionary<int, string> configured, Func<ILedgerState> state)
{
    private static readonly StateKey[] Watched = [StateKey.Validators, StateKey.NextValidators, StateKey.ValidatorDirectory];

    private volatile Page page = new(null, false, FrozenDictionary<int, Address>.Empty, configured.ToFrozenDictionary());
    private ReadOnlyMemory<byte>[] seen = [];

    /// <param name="Validators">Everybody whose batches and messages count, with the address of its key.</param>
    /// <param name="Addresses">HOST:PORT of those whom this node dials.</param>
    private sealed record Page(int? Own, bool HasSeat, FrozenDictionary<int, Address> Validators, FrozenDictionary<int, string> Addresses);

    /// <summary>This node's number; null while the chain does not know its key.</summary>
    public int? Own => page.Own;

    /// <summary>True if this node is in the set of this epoch or the next: then the other validators call it.</summary>
    public bool HasSeat => page.HasSeat;

    /// <summary>HOST:PORT of the validators of this epoch and the next, and of whom the configuration names, without this node.</summary>
    public IReadOnlyDictionary<int, string> Addresses => page.Addresses;

    /// <summary>True if the peer's key is a validator's, in the set or waiting for a seat.</summary>
    public bool IsValidator(int peer) => page.Validators.ContainsKey(peer);

    /// <summary>The address of a peer's key; zero if it is no validator's.</summary>
    public Address KeyAddressOf(int peer) => page.Validators.GetValueOrDefault(peer);

    /// <summary>The number of a consensus key, in the set or not; null if the state, which may be an early one, does not know it.</summary>
    public int? NumberOf(ReadOnlySpan<byte> consensusKey) => (int?)ConsensusKeyRecord.Find(state(), consensusKey)?.Number;

    /// <summary>True if the state knows the key of this number.</summary>
    public bool HasGivenOut(int number) => number < ValidatorDirectory.Get(state()).Keys;

    /// <summary>Reads the state again if validators may have changed. True if there is something new.</summary>
    /// <param name="always">Also if no set has changed: somebody may have another address.</param>
    public bool Refresh(bool always)
    {
        ILedgerState present = state();
        ReadOnlyMemory<byte>[] sets = [.. Watched.Select(key => present.TryGet(key.Bytes, out ReadOnlyMemory<byte> value) ? value : default)];
        bool same = seen.Length == sets.Length && seen.Zip(sets).All(pair => pair.First.Span.SequenceEqual(pair.Second.Span));
        if (same && !always)
            return false;
        seen = sets;
        page = Read(present);
        return true;
    }

    private Page Read(ILedgerState state)
    {
        bool hasSeat = false;
        Dictionary<int, Address> validators = [];
        Dictionary<int, string> addresses = new(configured);
        ImmutableArray<ValidatorSeat> next = ValidatorsRecord.FindNext(state)?.Seats ?? [];
        foreach (ValidatorSeat seat in ValidatorsRecord.Get(state).Seats.Concat(next))
        {
            hasSeat |= seat.PublicKey.Span.SequenceEqual(ownKey.Span);
            if (Add(state, validators, seat.PublicKey) is not { } key)
                continue;
            string said = ValidatorRecord.Find(state, key.Validator)?.NetworkAddress ?? "";
            // What the state holds is only of the right form: an address that is none is nobody's.
            if (IPEndPoint.TryParse(said, out IPEndPoint? endpoint) && endpoint.Port > 0)
                addresses.TryAdd((int)key.Number, endpoint.ToString());
        }
        foreach (Address candidate in ValidatorDirectory.Get(state).Validators)
        {
            if (ValidatorRecord.Find(state, candidate) is { } validator)
                Add(state, validators, validator.ConsensusKey);
        }
        int? own = (int?)ConsensusKeyRecord.Find(state, ownKey.Span)?.Number;
        if (own is { } number)
            addresses.Remove(number);
        return new Page(own, hasSeat, validators.ToFrozenDictionary(), addresses.ToFrozenDictionary());
    }

    private static ConsensusKeyRecord? Add(ILedgerState state, Dictionary<int, Address> validators, ReadOnlyMemory<byte> consensusKey)
    {
        ConsensusKeyRecord? key = ConsensusKeyRecord.Find(state, consensusKey.Span);
        if (key is not null)
            validators[(int)key.Number] = Address.Of(KeyScheme.Secp256k1, consensusKey.Span);
        return key;
    }
}
