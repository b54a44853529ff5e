using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Who gets a share of what a device earns.</summary>
/// <param name="Account">The account.</param>
/// <param name="SharePpm">Its share, in parts per million.</param>
public readonly record struct Payee(Address Account, uint SharePpm);
