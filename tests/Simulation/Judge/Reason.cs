using System.Runtime.CompilerServices;

namespace AppChain.Simulation;

/// <summary>Why something is a violation, in words that are only put together if it is one: the oracle asks a hundred questions for each
/// message, and all but one in a lifetime are answered well.</summary>
[InterpolatedStringHandler]
ref struct Reason
{
    DefaultInterpolatedStringHandler text;

    public Reason(int literalLength, int formattedCount, bool holds, out bool isWanted)
    {
        isWanted = !holds;
        text = isWanted ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
    }

    public void AppendLiteral(string value) => text.AppendLiteral(value);

    public void AppendFormatted<T>(T value) => text.AppendFormatted(value);

    public string Finish() => text.ToStringAndClear();
}
