using System;
using System.Diagnostics.CodeAnalysis;

namespace AppChain.Ledger;

/// <summary>Something that cannot be, is: the state is damaged or the ledger has a mistake. The node must stop.</summary>
public sealed class LedgerInvariantException(string message) : Exception(message);

/// <summary>Checks that stay on in every build.</summary>
internal static class Invariant
{
    public static void Check([DoesNotReturnIf(false)] bool holds, string what)
    {
        if (!holds)
            throw new LedgerInvariantException(what);
    }
}
