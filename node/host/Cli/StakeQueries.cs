using System.CommandLine;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Protos.V1;

namespace AppChain.Node.Cli;

/// <summary><c>appchain query validators</c> and <c>stake</c>.</summary>
internal static class StakeQueries
{
    public static async Task ValidatorsAsync(NodeClient client, bool json)
    {
        ListValidatorsResponse all = await client.ListValidatorsAsync();
        Output.Print(json, all, [.. all.Validators.SelectMany(Rows)]);
    }

    public static async Task StakeAsync(NodeClient client, string address, bool json)
    {
        StakeOfAccount stake = await client.GetStakeAsync(CommonOptions.ParseAddress(address));
        Output.Print(json, stake,
        [
            ("votes with", Output.Tokens(stake.VotingPower)),
            ("of all", Output.Tokens(stake.TotalBonded)),
            ("unbonding", Output.Tokens(stake.Unbonding)),
            .. stake.Positions.Select(position => (
                "with", $"{Output.AddressOf(position.Validator, AddressKind.Validator)}: {Output.Tokens(position.Worth)}, "
                    + $"and {Output.Tokens(position.Unsettled)} of rewards with the next touch")),
        ]);
    }

    private static IEnumerable<(string, string)> Rows(Validator validator)
    {
        yield return ("validator", $"{Output.AddressOf(validator.Operator, AddressKind.Validator)}, {validator.Moniker}");
        yield return ("standing", validator.Standing + (validator.JailedUntilMs > 0 ? $" until {Output.Time(validator.JailedUntilMs)}" : ""));
        yield return ("power", validator.Power == 0 ? "no seat" : Output.Number(validator.Power));
        yield return ("stake", $"{Output.Tokens(validator.Stake)}, and {Output.Tokens(validator.Unbonding)} on its way out");
        yield return ("commission", $"{validator.CommissionPpm} ppm");
        yield return ("turns", $"{validator.Turns} in this window, {validator.Missed} missed");
        yield return ("reached at", validator.NetworkAddress.Length > 0 ? validator.NetworkAddress : "–");
        yield return ("consensus key", Output.Hex(validator.ConsensusKey));
    }
}
