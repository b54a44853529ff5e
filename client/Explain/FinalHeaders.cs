using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using Block = AppChain.Protos.V1.Block;
using ChainId = AppChain.Consensus.ChainId;

namespace AppChain.Client.Explain;

/// <summary>
/// The headers that a chain has made final, from its genesis on, by the signatures of its validators alone: what a node says of them is not believed.
/// Blocks without a certificate of their own become final with a later one, which names them by hash. One caller at a time.
/// </summary>
public sealed class FinalHeaders
{
    private readonly ChainId chain;
    private readonly Dictionary<Digest, ValidatorSet> sets = [];
    private readonly List<Digest> hashes = []; // of height 1 and on
    private readonly Digest first;
    private Digest last;
    private Header? parent;
    private Header? signed;

    /// <param name="genesis">Names the chain, and its first validators.</param>
    public FinalHeaders(Genesis genesis)
    {
        chain = ChainId.Parse(genesis.ChainId.Text);
        first = last = new Digest(genesis.Hash.Bytes);
        ValidatorSet validators = new([.. genesis.FirstValidators.Seats.Select(static seat => new Validator(seat.PublicKey, seat.Power))]);
        FirstSet = validators.Hash;
        Learn(validators);
    }

    /// <summary>Up to where everything is final.</summary>
    public ulong Height { get; private set; }

    /// <summary>The height of the block that is wanted next.</summary>
    public ulong Next => (ulong)hashes.Count + 1;

    private Digest FirstSet { get; }

    /// <summary>
    /// A set of validators, from anywhere: it counts only once a final header of the set before it has named its hash.
    /// </summary>
    public void Learn(ValidatorSet validators) => sets.TryAdd(validators.Hash, validators);

    /// <summary>Whether the chain has made this header final, as far as its blocks were read.</summary>
    public bool IsFinal(Header header) =>
        header.Height.Value > 0 && header.Height.Value <= Height && hashes[(int)header.Height.Value - 1] == header.Hash;

    /// <summary>Reads the next block.</summary>
    /// <returns>What is wrong with it, in words; null: it follows on the one before, and if it brings a certificate that holds.</returns>
    public string? Add(Block block)
    {
        if (hashes.Count >= ClientLimits.FinalHeadersMax)
            return $"more than {ClientLimits.FinalHeadersMax} headers are not kept";
        if (!Header.TryDecode(block.HeaderBytes.Span, out Header header))
            return $"the header after height {hashes.Count} is malformed";
        if (header.ChainId.Text != chain.Text || header.Height.Value != Next || header.ParentHash != last)
            return $"a header at height {header.Height.Value} does not follow on height {hashes.Count}";
        Digest expected = parent is null ? FirstSet : parent.EndsEpoch ? parent.NextValidatorsHash : parent.ValidatorsHash;
        if (header.ValidatorsHash != expected || header.Epoch.Value != (parent is null ? 0 : parent.Epoch.Value + (parent.EndsEpoch ? 1UL : 0)))
            return $"height {header.Height.Value} is not of the validators that are due";
        bool isFinal = false;
        if (!block.Certificate.IsEmpty)
        {
            if (!sets.TryGetValue(expected, out ValidatorSet? validators))
                return $"the validators of height {header.Height.Value}, {expected}, are not known";
            isFinal = Certificate.TryDecode(block.Certificate.Span, out Certificate certificate)
                && certificate.Finalizes(header, chain, validators, CertificateCrypto.Instance);
            if (!isFinal)
                return $"the certificate of height {header.Height.Value} does not hold";
        }
        // Else whoever makes up a last header, which nobody signed, could name his own validators for all that follows.
        if (header.EndsEpoch && !isFinal)
            return $"height {header.Height.Value} ends its epoch and has no certificate";
        (last, parent) = (header.Hash, header);
        hashes.Add(last);
        if (isFinal)
            (Height, signed) = (header.Height.Value, header);
        return null;
    }

    /// <summary>
    /// Forgets the headers above <see cref="Height"/>, which nobody has signed yet: after one that does not follow they may be what is made up.
    /// Then read on from <see cref="Next"/>, from another node.
    /// </summary>
    public void DropUnsigned()
    {
        hashes.RemoveRange((int)Height, hashes.Count - (int)Height);
        (last, parent) = (signed?.Hash ?? first, signed);
    }
}
