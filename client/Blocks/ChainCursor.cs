using AppChain.Protos.V1;

namespace AppChain.Client;

/// <summary>A place in the chain: what a reader of it wants next. All before it has been dealt with.</summary>
/// <param name="Height">Of the block; the first is 1.</param>
/// <param name="Index">Of the transaction in it.</param>
public readonly record struct ChainCursor(ulong Height, uint Index = 0)
{
    /// <summary>From the chain's first block on.</summary>
    public static ChainCursor Beginning { get; } = new(1);

    /// <summary>What comes after a part that a subscription brought.</summary>
    internal static ChainCursor After(Block part) => new(part.Next.Height, part.Next.Index);
}
