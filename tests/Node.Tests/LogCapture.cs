using Microsoft.Extensions.Logging;

namespace Node.Tests;

/// <summary>Keeps the lines that a node logs.</summary>
internal sealed class LogCapture : ILoggerFactory, ILogger
{
    private const int LinesMax = 10_000;

    private readonly Lock gate = new();
    private readonly Queue<string> lines = new();

    public bool Has(string text)
    {
        lock (gate)
            return lines.Any(line => line.Contains(text, StringComparison.Ordinal));
    }

    /// <summary>All lines with this in them.</summary>
    public List<string> With(string text)
    {
        lock (gate)
            return [.. lines.Where(line => line.Contains(text, StringComparison.Ordinal))];
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel < LogLevel.Information)
            return;
        lock (gate)
        {
            if (lines.Count == LinesMax)
                lines.Dequeue();
            lines.Enqueue(formatter(state, exception));
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
