namespace AppChain.Simulation;

/// <summary>Who has shown which vote in one view, as bits, with all the world can know of it.</summary>
sealed class ViewRecord
{
    readonly Dictionary<VoteBody, UInt128>[] signers = [[], [], [], []];

    /// <summary>The one notarized and the one finalised body of which a certificate was seen.</summary>
    public VoteBody? Notarization { get; set; }
    public VoteBody? Finalization { get; set; }
    public bool Nullification { get; set; }

    /// <summary>When each honest signer first showed its nullify: in the order of <see cref="SignatureBook.NextSequence"/>.</summary>
    public Dictionary<int, long> NullifiedAt { get; } = [];

    public IReadOnlyDictionary<VoteBody, UInt128> Of(VoteKind kind) => signers[(int)kind];

    public void Add(VoteBody body, int signer) =>
        signers[(int)body.Kind][body] = signers[(int)body.Kind].GetValueOrDefault(body) | Power.Bit(signer);

    public bool HasShown(VoteBody body, int signer) => Power.Contains(signers[(int)body.Kind].GetValueOrDefault(body), signer);

    public bool HasShown(VoteKind kind, int signer) => signers[(int)kind].Values.Any(mask => Power.Contains(mask, signer));

    /// <summary>Bodies for which a quorum exists, or could exist if all faulty validators signed.</summary>
    public IEnumerable<VoteBody> Possible(VoteKind kind, ulong[] powers, UInt128 faulty) =>
        signers[(int)kind].Where(pair => Power.IsQuorum(powers, pair.Value | faulty)).Select(pair => pair.Key);
}
