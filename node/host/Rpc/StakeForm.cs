using AppChain.Ledger;
using Google.Protobuf;
using Wire = AppChain.Protos.V1;

namespace AppChain.Node.Rpc;

/// <summary>Validators and stake as clients see them.</summary>
internal static class StakeForm
{
    public static Wire.Validator Of(ValidatorView view) => new()
    {
        Operator = WireForm.Bytes(view.Operator),
        ConsensusKey = ByteString.CopyFrom(view.Validator.ConsensusKey.Span),
        Moniker = view.Validator.Moniker,
        NetworkAddress = view.Validator.NetworkAddress,
        CommissionPpm = view.Validator.CommissionPpm,
        Stake = view.Validator.Stake.Grains,
        Unbonding = view.Validator.Unbonding.Grains,
        Power = view.SeatPower,
        Standing = view.Validator.Standing.ToString().ToLowerInvariant(),
        JailedUntilMs = view.Validator.JailedUntilMs,
        Turns = view.Validator.Turns,
        Missed = view.Validator.Missed,
        Rewards = view.Validator.Rewards.Grains,
    };

    public static Wire.StakePosition Of(PositionView position) => new()
    {
        Validator = WireForm.Bytes(position.Validator),
        Worth = position.Worth.Grains,
        Unsettled = position.Unsettled.Grains,
    };
}
