using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What an accusation rests on.</summary>
/// <param name="Hash">SHA-256 of a document, or the id of a transaction of this chain.</param>
/// <param name="IsTransaction">Which of the two.</param>
public readonly record struct Exhibit(Hash256 Hash, bool IsTransaction);
