using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace AppChain.Ledger;

/// <summary>The value of every parameter: version:1 ‖ count:4 × (number:4 ‖ value:8), ascending by number.</summary>
/// <remarks>A parameter that the record does not hold yet, because a later version of the chain added it, has its default.</remarks>
public sealed record ParametersRecord : StateRecord
{
    // In the order of Parameters.All.
    private readonly ImmutableArray<ulong> values;

    private ParametersRecord(ImmutableArray<ulong> values) => this.values = values;

    /// <summary>Every parameter at its default.</summary>
    public static ParametersRecord Default { get; } = new([.. Parameters.All.Select(entry => entry.Default)]);

    /// <summary>The value of a parameter.</summary>
    public ulong this[Parameter parameter] => values[Parameters.PositionOf((ushort)parameter)];

    public ulong EpochMs => this[Parameter.EpochMs];

    public Amount RewardPerEpoch => new(this[Parameter.RewardPerEpoch]);

    public ulong EpochsPerHalving => this[Parameter.EpochsPerHalving];

    public Amount SupplyMax => new(this[Parameter.SupplyMax]);

    public uint TreasurySharePpm => (uint)this[Parameter.TreasuryShare];

    public ulong TransactionLifetimeMaxMs => this[Parameter.TransactionLifetimeMaxMs];

    public ulong ValidatorEpochBlocks => this[Parameter.ValidatorEpochBlocks];

    /// <summary>The state's parameters; a block's session has them at hand.</summary>
    public static ParametersRecord Get(ILedgerState state) => state is LedgerSession session ? session.Parameters : Read(state);

    /// <summary>The state's parameters, looked up.</summary>
    internal static ParametersRecord Read(ILedgerState state) =>
        state.Find(StateKey.Parameters, Decode) ?? throw new LedgerInvariantException("The state has no parameters.");

    /// <summary>The record with some values changed. Whoever calls has checked the bounds.</summary>
    public ParametersRecord With(params IEnumerable<KeyValuePair<Parameter, ulong>> changes)
    {
        ulong[] changed = [.. values];
        foreach ((Parameter parameter, ulong value) in changes)
        {
            Invariant.Check(Parameters.Find(parameter)?.Allows(value) == true, "A parameter is set to a value outside its bounds.");
            changed[Parameters.PositionOf((ushort)parameter)] = value;
        }
        return new ParametersRecord([.. changed]);
    }

    public bool Equals(ParametersRecord? other) => other is not null && values.SequenceEqual(other.values);

    public override int GetHashCode() => values.Length;

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt32((uint)values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            writer.UInt32((uint)Parameters.All[i].Parameter);
            writer.UInt64(values[i]);
        }
        return writer.ToArray();
    }

    public static ParametersRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        ulong[] values = [.. Default.values];
        long previous = -1;
        for (uint count = reader.UInt32(); count > 0; count--)
        {
            uint number = reader.UInt32();
            int position = number <= ushort.MaxValue ? Parameters.PositionOf((ushort)number) : -1;
            Invariant.Check(position >= 0, $"The state has parameter {number}, which this version does not know.");
            Invariant.Check(number > previous, "The parameters of the state are not in order.");
            previous = number;
            values[position] = reader.UInt64();
        }
        reader.End();
        return new ParametersRecord([.. values]);
    }
}
