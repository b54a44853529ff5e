using Google.Protobuf;

namespace AppChain.Client;

/// <summary>Which part of a list to read.</summary>
/// <param name="Size">Entries; 0 leaves it to the node.</param>
/// <param name="WithTransactions">Of a list of transactions: with the transactions themselves, and not only what became of them.</param>
public sealed record Page(uint Size = 0, bool WithTransactions = false)
{
    /// <summary><c>NextCursor</c> of the page before; empty: the first page.</summary>
    public ByteString Cursor { get; init; } = ByteString.Empty;
}
