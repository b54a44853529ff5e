using System;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// Who may get a seat, and what is bonded with all validators there are: version:1 ‖ bonded:8 ‖ keys:4 ‖ count:4 × operator:20, ascending.
/// </summary>
/// <param name="Bonded">The sum of <see cref="ValidatorRecord.Stake"/>, of those too that lost their place here.</param>
/// <param name="Keys">How many consensus keys there have ever been.</param>
/// <param name="Validators">By their operators: at most <see cref="LedgerLimits.CandidatesMax"/>, of whom a larger stake takes the smallest's place.</param>
public sealed record ValidatorDirectory(Amount Bonded, uint Keys, ImmutableArray<Address> Validators) : StateRecord
{
    public static ValidatorDirectory Get(ILedgerState state) =>
        state.Find(StateKey.ValidatorDirectory, Decode) ?? throw new LedgerInvariantException("The state has no directory of validators.");

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Amount(Bonded);
        writer.UInt32(Keys);
        writer.UInt32((uint)Validators.Length);
        foreach (Address validator in Validators)
            writer.Address(validator);
        return writer.ToArray();
    }

    public static ValidatorDirectory Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        Amount bonded = reader.Amount();
        uint keys = reader.UInt32();
        uint count = reader.UInt32();
        Invariant.Check(count <= LedgerLimits.CandidatesMax, "The directory of validators is longer than its limit.");
        Address[] validators = new Address[count];
        for (int i = 0; i < validators.Length; i++)
            validators[i] = reader.Address();
        reader.End();
        return new ValidatorDirectory(bonded, keys, [.. validators]);
    }
}
