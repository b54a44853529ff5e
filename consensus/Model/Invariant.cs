using System;
using System.Diagnostics.CodeAnalysis;

namespace AppChain.Consensus;

/// <summary>Checks that stay on in production: a node that has lost an invariant stops rather than signs.</summary>
static class Invariant
{
    public static void Check([DoesNotReturnIf(false)] bool holds, string invariant)
    {
        if (!holds)
        {
            throw new InvariantException(invariant);
        }
    }
}

/// <summary>Something that must always hold does not: a defect, or more than a third of the power is faulty. The node must stop.</summary>
public sealed class InvariantException(string invariant) : Exception($"Broken invariant: {invariant}.");
