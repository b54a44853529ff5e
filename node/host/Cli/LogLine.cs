using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace AppChain.Node.Cli;

/// <summary>One line per event: time, level, part, message. A failure's stack trace follows on lines of its own.</summary>
internal sealed class LogLine() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, TextWriter output)
    {
        string level = entry.LogLevel switch
        {
            LogLevel.Critical => "CRIT",
            LogLevel.Error => "ERROR",
            LogLevel.Warning => "WARN",
            LogLevel.Information => "info",
            _ => "debug",
        };
        string time = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        output.WriteLine($"{time} {level,-5} {entry.Category}: {entry.Formatter(entry.State, entry.Exception)}");
        if (entry.Exception is { } failure)
            output.WriteLine(failure);
    }
}
