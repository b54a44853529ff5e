using AppChain.Client.Explain;
using AppChain.Consensus;
using AppChain.Ledger;
using AppChain.Protos.V1;
using AppChain.Storage;
using Google.Protobuf;

namespace AppChain.Node.Driver;

/// <summary>
/// Whose finalizations are to be believed, from the genesis on: each set of validators names the next one in a block that it made final. So
/// whoever has the genesis file can judge any later block without the states between.
/// </summary>
/// <remarks>A set that was skipped would have to be believed; none is. Epochs between which the set stays are not listed: nothing changes with them.</remarks>
public sealed class ValidatorHistory
{
    private readonly Consensus.ChainId chainId;
    private readonly List<(Epoch From, ValidatorSet Set)> sets = [];
    private readonly List<StoredValidatorChange> changes = [];

    /// <summary>The genesis's set, and no change yet.</summary>
    public ValidatorHistory(Genesis genesis)
    {
        chainId = Consensus.ChainId.Parse(genesis.ChainId.Text);
        sets.Add((default, ConsensusEpoch.SetOf(genesis.FirstValidators)));
    }

    /// <summary>The changes that were believed, ascending, in the form in which a store keeps them.</summary>
    public IReadOnlyList<StoredValidatorChange> Changes => changes;

    /// <summary>What proves that after a boundary block other validators decide.</summary>
    public static byte[] Encode(Header boundary, Certificate finalization, ValidatorSet next) => new ValidatorChange
    {
        Header = UnsafeByteOperations.UnsafeWrap(boundary.Encode()),
        Finalization = UnsafeByteOperations.UnsafeWrap(finalization.Encode()),
        Validators = UnsafeByteOperations.UnsafeWrap(next.Encode()),
    }.ToByteArray();

    /// <summary>Takes the next change. Returns why it is not to be believed, or null.</summary>
    public string? Append(ValidatorChange change)
    {
        (Epoch from, ValidatorSet present) = sets[^1];
        if (!Header.TryDecode(change.Header.Span, out Header header) || !header.EndsEpoch)
            return "a change of validators has no boundary block";
        if (header.Epoch.Value < from.Value || header.ValidatorsHash != present.Hash)
            return $"the change of validators at block {header.Height.Value} does not follow the one before it";
        if (!IsFinal(header, change.Finalization.Span))
            return $"the change of validators at block {header.Height.Value} is not signed by more than two thirds of the power of those before";
        if (!ValidatorSet.TryOpen(change.Validators.Span, header.NextValidatorsHash, out ValidatorSet? next))
            return $"the validators after block {header.Height.Value} are not those that it names";
        sets.Add((new Epoch(header.Epoch.Value + 1), next!));
        changes.Add(new StoredValidatorChange(header.Height.Value, change.ToByteArray()));
        return null;
    }

    /// <summary>Takes those of a store, up to a height. Returns why one is not to be believed, or null.</summary>
    public string? Append(IEnumerable<StoredValidatorChange> stored, ulong upTo)
    {
        ValidatorChanges all = new();
        foreach (StoredValidatorChange change in stored.TakeWhile(change => change.Height <= upTo))
        {
            try
            {
                all.Changes.Add(ValidatorChange.Parser.ParseFrom(change.Bytes.Span));
            }
            catch (InvalidProtocolBufferException)
            {
                return $"the change of validators at block {change.Height} does not decode";
            }
        }
        return all.Changes.Select(Append).FirstOrDefault(static problem => problem is not null);
    }

    /// <summary>Takes all of them as they travel: encoded <see cref="ValidatorChanges"/>. Returns why one is not to be believed, or null.</summary>
    public string? Append(ReadOnlySpan<byte> encoded)
    {
        try
        {
            return ValidatorChanges.Parser.ParseFrom(encoded).Changes.Select(Append).FirstOrDefault(static problem => problem is not null);
        }
        catch (InvalidProtocolBufferException)
        {
            return "the changes of validators do not decode";
        }
    }

    /// <summary>The set that decides about a block; null if none is known that its header may name.</summary>
    public ValidatorSet? SetOf(Header header)
    {
        ValidatorSet set = sets.FindLast(known => known.From.Value <= header.Epoch.Value).Set;
        return set.Hash == header.ValidatorsHash ? set : null;
    }

    /// <summary>Whether these bytes are a finalization of this block by the set that decides about it.</summary>
    public bool IsFinal(Header header, ReadOnlySpan<byte> finalization) =>
        SetOf(header) is { } validators
        && Certificate.TryDecode(finalization, out Certificate certificate)
        && certificate.Finalizes(header, chainId, validators, CertificateCrypto.Instance);
}
