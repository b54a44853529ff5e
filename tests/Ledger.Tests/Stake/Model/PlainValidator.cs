using System.Numerics;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Model;

/// <summary>A seat of a set.</summary>
internal sealed record PlainSeat(string Key, BigInteger Power);

/// <summary>Stake on its way out.</summary>
/// <param name="Epoch">The last one in whose set it may count.</param>
/// <param name="Free">It answers for nothing any more.</param>
internal sealed record PlainLeaving(PlainValidator Validator, Address Account, BigInteger Amount, ulong Epoch, bool Free, ulong DueMs);

/// <summary>What an account has with a validator.</summary>
internal sealed class PlainPosition
{
    public BigInteger Shares { get; set; }

    /// <summary>Since its last touch, in grains × 2⁶⁴.</summary>
    public BigInteger Earned { get; set; }

    public BigInteger Reward => Earned >> 64;
}

/// <summary>A validator of the plain model.</summary>
internal sealed class PlainValidator(Address @operator, string key)
{
    public Address Operator => @operator;

    public string Key { get; set; } = key;

    public Dictionary<Address, PlainPosition> Positions { get; } = [];

    public BigInteger Stake { get; set; }

    public BigInteger Shares => Positions.Values.Aggregate(BigInteger.Zero, (sum, position) => sum + position.Shares);

    /// <summary>Of its delegators, not paid yet.</summary>
    public BigInteger Rewards { get; set; }

    public BigInteger Commission { get; set; }

    public ulong? CommissionChangedIn { get; set; }

    public ulong? KeyChangedIn { get; set; }

    public ValidatorStanding Standing { get; set; }

    public ulong JailedUntilMs { get; set; }

    public ulong OffenceEpoch { get; set; }

    /// <summary>The turns of the present window; true: missed.</summary>
    public List<bool> Window { get; } = [];

    public BigInteger Led { get; set; }

    public BigInteger Absent { get; set; }

    public BigInteger WorthOf(PlainPosition position) => Stake * position.Shares / Shares;
}
