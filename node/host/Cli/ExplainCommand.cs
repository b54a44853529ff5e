using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AppChain.Ledger;

namespace AppChain.Node.Cli;

/// <summary><c>appchain tx explain</c>: what a reason's code or name means. Asks no node.</summary>
internal static class ExplainCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        Argument<string?> code = new("code") { Description = "A reason's number or name, such as 103 or sequence-used; without it: all", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> json = CommonOptions.Json();
        Command command = new("explain", "Say what a reason means: why a transaction was refused, failed or earned nothing") { code, json };
        command.SetAction(arguments =>
        {
            IReadOnlyList<ReasonEntry> entries = Find(arguments.GetValue(code));
            if (arguments.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(entries.Select(Form), Indented));
            else
                foreach (ReasonEntry entry in entries)
                    Console.WriteLine($"{(uint)entry.Reason,-4} {entry.Name,-32} {Stage(entry),-10} {entry.Explanation}");
        });
        return command;
    }

    private static IReadOnlyList<ReasonEntry> Find(string? code)
    {
        if (code is null)
            return Reasons.All;
        bool isNumber = uint.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out uint number);
        ReasonEntry? found = Reasons.All.FirstOrDefault(entry => isNumber ? (uint)entry.Reason == number : entry.Name == code);
        return found is not null
            ? [found]
            : throw new CommandException($"this version knows no reason \"{code}\"; `appchain tx explain` lists all.");
    }

    private static object Form(ReasonEntry entry) => new { code = (uint)entry.Reason, name = entry.Name, stage = Stage(entry), explanation = entry.Explanation };

    private static string Stage(ReasonEntry entry) => entry.Stage.ToString().ToLowerInvariant();
}
