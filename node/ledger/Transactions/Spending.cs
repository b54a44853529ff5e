using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What executing a message takes from its signer, its fee apart.</summary>
/// <param name="Tokens">Paid, bonded, deposited or burned.</param>
/// <param name="Credits">Moved.</param>
/// <param name="Uncovered">
/// Why the message is refused before execution if the tokens are not there; <see cref="Reason.None"/>: it is executed, and fails.
/// </param>
internal readonly record struct Spending(Amount Tokens, Credits Credits = default, Reason Uncovered = Reason.None);

/// <summary>Something that is decided once: of several transactions that decide it, one is executed and the others are skipped.</summary>
/// <param name="About">The record that decides whether the message is admitted, and that executing it changes.</param>
/// <param name="Part">Which part of the record, if it has several that are decided apart.</param>
internal readonly record struct Decision(StateKey About, Address Part = default);
