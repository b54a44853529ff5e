namespace AppChain.Consensus.Tests;

/// <summary>
/// Watches all that correct nodes sign and commit, and judges it with its own words: it shares no predicate with the core. It sees across
/// restarts, as the outside world does.
/// </summary>
sealed class Oracle(ulong[] powers, Digest genesis)
{
    readonly Dictionary<(int Signer, VoteKind Kind, ulong View), VoteBody> signed = [];
    readonly Dictionary<ulong, (Digest Hash, int By)> committedAt = [];
    readonly Dictionary<ulong, Dictionary<(Digest, ulong), HashSet<int>>> notarizers = [];
    readonly Dictionary<ulong, HashSet<int>> nullifiers = [];
    readonly Dictionary<ulong, HashSet<int>> finalizers = [];
    readonly Dictionary<Digest, Header> headers = [];

    public HashSet<int> Faulty { get; } = [];

    public int Committed => committedAt.Count;

    public void OnVote(int node, Vote vote)
    {
        var view = vote.View.Value;
        if (!Faulty.Contains(node))
        {
            Assert.Equal(node, vote.Signer);
            if (signed.TryGetValue((node, vote.Kind, view), out var before))
            {
                Assert.True(before == vote.Body, $"node {node} signed two different {vote.Kind} votes in view {view}");
            }

            signed[(node, vote.Kind, view)] = vote.Body;
            var both = signed.ContainsKey((node, VoteKind.Nullify, view)) && signed.ContainsKey((node, VoteKind.Finalize, view));
            Assert.False(both, $"node {node} signed both nullify and finalize in view {view}");
        }

        switch (vote.Kind)
        {
            case VoteKind.Notarize:
                var byHeader = At(notarizers, view);
                At(byHeader, (vote.Body.HeaderHash, vote.Body.ParentView.Value)).Add(node);
                Assert.True(byHeader.Values.Count(TwoThirds) <= 1, $"two notarizations in view {view}");
                break;
            case VoteKind.Nullify:
                At(nullifiers, view).Add(node);
                break;
            default:
                At(finalizers, view).Add(node);
                break;
        }

        Assert.False(TwoThirds(At(nullifiers, view)) && TwoThirds(At(finalizers, view)), $"view {view} is both nullified and finalised");
    }

    public void OnProposal(Block block) => headers[block.Hash] = block.Header;

    public void OnCommit(int node, Block block)
    {
        var header = block.Header;
        headers[block.Hash] = header;
        if (committedAt.TryGetValue(header.Height.Value, out var other))
        {
            Assert.True(other.Hash == block.Hash, $"nodes {other.By} and {node} committed different blocks at height {header.Height}");
            return;
        }

        // Ancestry, and every view between a block and its parent was skipped by two thirds.
        var parent = header.Height.Value == 1 ? genesis : committedAt[header.Height.Value - 1].Hash;
        Assert.Equal(parent, header.ParentHash);
        for (var skipped = header.ParentView.Value + 1; skipped < header.View.Value; skipped++)
        {
            Assert.True(TwoThirds(At(nullifiers, skipped)), $"view {skipped} was skipped without a nullification");
        }

        Assert.Contains(notarizers[header.View.Value], pair => pair.Key.Item1 == block.Hash && TwoThirds(pair.Value));
        committedAt[header.Height.Value] = (block.Hash, node);
    }

    static TValue At<TKey, TValue>(Dictionary<TKey, TValue> map, TKey key)
        where TKey : notnull
        where TValue : new()
    {
        if (!map.TryGetValue(key, out var value))
        {
            map[key] = value = new TValue();
        }

        return value;
    }

    bool TwoThirds(HashSet<int> signers)
    {
        Int128 power = 0, total = 0;
        for (var i = 0; i < powers.Length; i++)
        {
            total += powers[i];
            power += signers.Contains(i) ? powers[i] : 0;
        }

        return power * 3 > total * 2;
    }
}
