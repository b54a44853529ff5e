using System.CommandLine;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Protos.V1;

namespace AppChain.Node.Cli;

/// <summary><c>appchain status</c>: how a running node is doing.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        Option<string> node = CommonOptions.Node();
        Option<bool> json = CommonOptions.Json();
        Command command = new("status", "Show how a running node is doing: chain, height, roots, peers") { node, json };
        command.SetAction(async (arguments, cancellation) =>
        {
            await using NodeClient client = arguments.Connect(node);
            Status status = await client.GetStatusAsync(cancellation: cancellation);
            Output.Print(arguments.GetValue(json), status,
            [
                ("chain", $"{status.ChainId}, genesis {Output.Hex(status.GenesisHash)}"),
                ("node", $"{status.Moniker}, version {status.Version}, up {TimeSpan.FromMilliseconds(status.UptimeMs):d\\.hh\\:mm\\:ss}"),
                ("validator", Output.AddressOf(status.Validator, AddressKind.Validator)),
                ("height", $"{status.Height}, at {Output.Time(status.BlockTimeMs)}{(status.CatchingUp ? ", catching up" : "")}"),
                ("block", Output.Hex(status.BlockHash)),
                ("state root", Output.Hex(status.StateRoot)),
                ("view", $"{status.View} of consensus epoch {status.ConsensusEpoch}"),
                ("reward epoch", Output.Number(status.RewardEpoch)),
                ("pool", $"{status.PoolTransactions} transactions that are not final"),
                .. status.Peers.Select(peer => ("peer", $"{Output.AddressOf(peer.Validator, AddressKind.Validator)} at {peer.Address}: {Describe(peer)}")),
            ]);
        });
        return command;
    }

    private static string Describe(Peer peer) =>
        (peer.Connected ? "connected" : peer.Problem) + (peer is { HasHeard: true, Heard: false } ? "; it is not connected to this node" : "");
}
