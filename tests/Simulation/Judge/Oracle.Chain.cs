namespace AppChain.Simulation;

// Certificates that honest validators believe, blocks that they commit, offenders whom they report.
sealed partial class Oracle
{
    readonly List<Header> chain = [];
    readonly Dictionary<ulong, Digest> committedIn = [];
    readonly Dictionary<int, ulong> heights = [];

    /// <summary>The highest block that anybody honest has committed.</summary>
    public ulong Height => (ulong)chain.Count;

    /// <summary>An honest validator sends or acts on a certificate.</summary>
    public void OnCertificate(Machine machine, Certificate certificate) => OnCertificate(machine.Signer, certificate);

    public void OnCertificate(int by, Certificate certificate)
    {
        if (Power.Contains(faulty, by))
        {
            return;
        }

        var mask = UInt128.Zero;
        var last = -1;
        foreach (var part in certificate.Signatures)
        {
            Require(part.Signer > last && part.Signer < powers.Length, "certificate signers", $"{by} believes {Name(certificate)}");
            last = part.Signer;
            mask |= Power.Bit(part.Signer);
        }

        if (!judged.Add((certificate.Body, mask)))
        {
            return;
        }

        Require(Power.IsQuorum(powers, mask), "certificate power", $"{by} believes {Name(certificate)}");
        foreach (var part in certificate.Signatures)
        {
            Require(
                IsGenuine(certificate.Body, part.Signer, part.Signature),
                "certificate signature",
                $"{by} believes {Name(certificate)} with a signature that {part.Signer} never made");
            Show(certificate.Body, part.Signer);
        }

        Note(certificate.Body);
    }

    public void OnCommit(Machine machine, Block block)
    {
        if (machine.IsHonest)
        {
            OnCommit(machine.Place, block.Header);
        }
    }

    public void OnCommit(int by, Header header)
    {
        var height = header.Height.Value;
        Require(height == heights.GetValueOrDefault(by) + 1, "gap", $"{by} commits height {height} above {heights.GetValueOrDefault(by)}");
        heights[by] = height;
        OnHeader(header);
        var hash = header.Hash;
        if (height <= Height)
        {
            Require(chain[(int)height - 1].Hash == hash, "agreement", $"two different blocks at height {height}");
            return;
        }

        Require(header.ParentHash == (Height == 0 ? Scenario.Genesis.Hash : chain[^1].Hash), "ancestry", $"height {height} is not on {Height}");
        JudgeHeader(header);
        Require(HasQuorum(VoteBody.For(VoteKind.Notarize, header, hash)), "commit without notarization", $"height {height}");
        Require(committedIn.TryAdd(header.View.Value, hash), "agreement", $"two committed blocks in view {header.View}");
        Require(At(header.View.Value).Finalization is not { } final || final.HeaderHash == hash, "agreement", $"in view {header.View}");
        chain.Add(header);
    }

    /// <summary>Evidence must be true, and never against an honest validator.</summary>
    public void OnReport(Machine machine, Evidence evidence)
    {
        if (machine.IsHonest)
        {
            OnReport(evidence);
        }
    }

    public void OnReport(Evidence evidence)
    {
        var (first, second) = (evidence.First, evidence.Second);
        Require(
            Power.Contains(faulty, first.Signer) && first.Signer == second.Signer && first.Body != second.Body && first.View == second.View
                && IsGenuine(first.Body, first.Signer, first.Signature) && IsGenuine(second.Body, second.Signer, second.Signature),
            "evidence",
            $"{first.Signer} is accused in view {first.View}");
    }

    /// <summary>Every view that was finalised, as a certificate shows, is in the one chain if the chain reaches that far.</summary>
    public void AtTheEnd()
    {
        var top = chain.Count == 0 ? 0 : chain[^1].View.Value;
        foreach (var (view, record) in views)
        {
            Require(
                record.Finalization is not { } final || view > top
                    || (committedIn.TryGetValue(view, out var hash) && hash == final.HeaderHash),
                "agreement",
                $"view {view} was finalised but is not in the chain");
        }
    }

    void Note(VoteBody body)
    {
        var record = At(body.View.Value);
        switch (body.Kind)
        {
            case VoteKind.Notarize:
                Require(record.Notarization is null || record.Notarization == body, "two notarizations", $"view {body.View}");
                record.Notarization = body;
                break;
            case VoteKind.Finalize:
                Require(record.Finalization is null || record.Finalization == body, "two finalizations", $"view {body.View}");
                Require(
                    !committedIn.TryGetValue(body.View.Value, out var hash) || hash == body.HeaderHash,
                    "agreement",
                    $"view {body.View} is finalised twice");
                record.Finalization = body;
                break;
            default:
                record.Nullification = true;
                break;
        }

        Require(!record.Nullification || record.Finalization is null, "nullified and finalised", $"view {body.View}");
    }

    static string Name(Certificate certificate) =>
        $"a {certificate.Kind} certificate of view {certificate.View} by {string.Join(' ', certificate.Signatures.Select(part => part.Signer))}";
}
