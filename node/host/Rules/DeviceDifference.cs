using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Rules;

/// <summary>What a device earned in past reward epochs, and what it would have earned under other rules.</summary>
/// <param name="Units">Under the rules that held.</param>
/// <param name="Earned">Of the pools that were minted.</param>
/// <param name="OtherUnits">Under the other rules.</param>
/// <param name="WouldEarn">Of the same pools, shared by the other units.</param>
internal sealed record DeviceDifference(Address Device, ulong Units, Amount Earned, ulong OtherUnits, Amount WouldEarn)
{
    /// <summary>In grains: above 0 if it would have earned more.</summary>
    public Int128 Difference => (Int128)WouldEarn.Grains - Earned.Grains;

    public DeviceDifference Plus(ulong units, Amount earned, ulong otherUnits, Amount wouldEarn) =>
        this with { Units = Units + units, Earned = Earned + earned, OtherUnits = OtherUnits + otherUnits, WouldEarn = WouldEarn + wouldEarn };
}
