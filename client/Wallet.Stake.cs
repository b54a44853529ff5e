using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Client;

/// <summary>What an account does with stake, and an operator with its validator.</summary>
public sealed partial class Wallet
{
    /// <summary>Makes this account the operator of a new validator. The consensus key signs too: it proves that it is held.</summary>
    public Task<SubmitResult> BondNewValidatorAsync(
        Amount amount, PrivateKey consensusKey, ValidatorProfile profile, CancellationToken cancellation = default) =>
        SubmitAsync(new BondStake(amount, consensusKey.PublicKey.ToArray(), profile), [key, consensusKey], cancellation);

    /// <summary>Raises the stake of this account's validator.</summary>
    public Task<SubmitResult> BondAsync(Amount amount, CancellationToken cancellation = default) =>
        SubmitAsync(new BondStake(amount), [key], cancellation);

    /// <summary>Bonds tokens with a validator.</summary>
    public Task<SubmitResult> DelegateAsync(Address validator, Amount amount, CancellationToken cancellation = default) =>
        SubmitAsync(new DelegateStake(validator, amount), [key], cancellation);

    /// <summary>Lets stake go; it is paid out after the unbonding delay.</summary>
    /// <param name="amount">Zero: all of it.</param>
    public Task<SubmitResult> UnbondAsync(Address validator, Amount amount, CancellationToken cancellation = default) =>
        SubmitAsync(new UnbondStake(validator, amount), [key], cancellation);

    /// <summary>Replaces what this account's validator says of itself.</summary>
    /// <param name="newConsensusKey">Null: the key stays.</param>
    public Task<SubmitResult> UpdateValidatorAsync(
        ValidatorProfile profile, PrivateKey? newConsensusKey = null, CancellationToken cancellation = default) =>
        newConsensusKey is null
            ? SubmitAsync(new UpdateValidator(profile), [key], cancellation)
            : SubmitAsync(new UpdateValidator(profile, newConsensusKey.PublicKey.ToArray()), [key, newConsensusKey], cancellation);

    /// <summary>Ends the jail of this account's validator.</summary>
    public Task<SubmitResult> UnjailAsync(CancellationToken cancellation = default) => SubmitAsync(new Unjail(), [key], cancellation);

    /// <summary>Proves that a validator contradicted itself.</summary>
    /// <param name="consensusKey">The key that signed both votes, 32 bytes.</param>
    /// <param name="evidence">Two votes in the encoding of consensus.</param>
    public Task<SubmitResult> SubmitEvidenceAsync(
        ReadOnlyMemory<byte> consensusKey, ReadOnlyMemory<byte> evidence, CancellationToken cancellation = default) =>
        SubmitAsync(new SubmitEvidence(consensusKey, evidence), [key], cancellation);
}
