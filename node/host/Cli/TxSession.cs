using System.CommandLine;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;
using Stage = AppChain.Protos.V1.SubmitResponse.Types.Stage;

namespace AppChain.Node.Cli;

/// <summary>What every command that sends a transaction does: loads the key, asks the node for its chain, submits, waits, and prints what became of it.</summary>
internal static class TxSession
{
    public static readonly Option<string> Node = CommonOptions.Node();

    public static Task<int> WithWalletAsync(
        ParseResult arguments, Option<FileInfo> keyOption, CancellationToken cancellation, Func<Wallet, Task<SubmitResult>> submit) =>
        WithKeyAsync(arguments, keyOption, cancellation, async (client, chainId, key) =>
        {
            using Wallet wallet = new(client, chainId, key);
            return await submit(wallet);
        });

    public static async Task<int> WithKeyAsync(
        ParseResult arguments, Option<FileInfo> keyOption, CancellationToken cancellation, Func<NodeClient, ChainId, PrivateKey, Task<SubmitResult>> submit)
    {
        using PrivateKey key = KeyFile.Load(arguments.GetValue(keyOption)!.FullName);
        await using NodeClient client = arguments.Connect(Node);
        ChainId chainId = ChainId.Parse((await client.GetStatusAsync(cancellation: cancellation)).ChainId);
        return Print(await submit(client, chainId, key));
    }

    private static int Print(SubmitResult result)
    {
        Console.WriteLine($"transaction    {result.Id?.ToString() ?? "–"}");
        Console.WriteLine($"outcome        {(result.Succeeded ? $"final in block {result.Height}" : $"{result.Stage}".ToLowerInvariant())}");
        if (result.Verdict is { Reason: 0 } verdict)
            Console.WriteLine($"verdict        accepted: {verdict.Units} units in reward epoch {verdict.Epoch}");
        if (result.Reason.Length > 0)
            Console.WriteLine($"reason         {result.Reason}: {result.Explanation}");
        return result.Succeeded ? 0 : result.Stage == Stage.Final ? 2 : 1;
    }
}
