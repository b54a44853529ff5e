using System.CommandLine;
using AppChain.Crypto;
using AppChain.Node;
using AppChain.Node.Cli;
using AppChain.Node.Cli.Economy;

RootCommand root = new("""
    appchain: a validator of a chain for networks of physical devices, and the tool to talk to one.

    Start a node:   appchain init --home DIR --genesis FILE   then   appchain run --home DIR
    Look at one:    appchain status     appchain query service 1     appchain net doctor
    A whole devnet: devnet/up, in the repository
    """)
{
    InitCommand.Create(),
    KeygenCommand.Create(),
    RunCommand.Create(),
    SignerCommand.Create(),
    StatusCommand.Create(),
    NetCommand.Create(),
    TxCommand.Create(),
    QueryCommand.Create(),
    EarningsCommand.Create(),
    GovCommand.Create(),
    DisputeCommand.Create(),
    GenesisCommand.Create(),
    EconomyCommand.Create(),
    SnapshotCommand.Create(),
    VerifyCommand.Create(),
    InspectCommand.Create(),
    RollbackCommand.Create(),
    RulesCommand.Create(),
};

try
{
    // By itself the library ends the process two seconds after a signal: on a busy machine that is before a node has closed its store. A node ends
    // in order however long that takes: after a time limit its files would be left as by a crash.
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = Timeout.InfiniteTimeSpan });
}
catch (Exception e) when (Refusal.Explain(e) is { } sentence)
{
    await Console.Error.WriteLineAsync("appchain: " + sentence);
    return Refusal.ExitCode(e);
}
