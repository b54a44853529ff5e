namespace AppChain.Simulation;

// Certificates that honest validators believe, blocks that they commit, offenders whom they report.
sealed partial class Oracle
{
    readonly List<Header> chain = [];
    readonly Dictionary<(ulong Epoch, ulong View), Digest> committedIn = [];
    readonly HashSet<Digest> committed = [];
    readonly Dictionary<int, ulong> heights = [];

    /// <summary>The highest block that anybody honest has committed.</summary>
    public ulong Height => (ulong)chain.Count;

    /// <summary>Epochs that ended with a committed block.</summary>
    public ulong EpochsEnded { get; private set; }

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
        var epoch = certificate.Body.Epoch;
        var signers = new List<int>();
        foreach (var part in certificate.Signatures)
        {
            var signer = reigns.IdentityOf(epoch, part.Signer);
            Require(part.Signer > last && signer is not null, "certificate signers", $"{by} believes {Name(certificate)}");
            last = part.Signer;
            signers.Add(signer!.Value);
            mask |= Power.Bit(signer.Value);
        }

        if (!judged.Add((certificate.Body, mask)))
        {
            return;
        }

        Require(Power.IsQuorum(reigns.PowersIn(epoch), mask), "certificate power", $"{by} believes {Name(certificate)}");
        foreach (var (signer, part) in signers.Zip(certificate.Signatures))
        {
            Require(
                IsGenuine(certificate.Body, signer, part.Signature),
                "certificate signature",
                $"{by} believes {Name(certificate)} with a signature that {signer} never made");
            Show(certificate.Body, signer);
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
        Require(committedIn.TryAdd((header.Epoch.Value, header.View.Value), hash), "agreement", $"two committed blocks in view {header.View}");
        Require(At(header.Epoch, header.View).Finalization is not { } final || final.HeaderHash == hash, "agreement", $"in view {header.View}");
        chain.Add(header);
        committed.Add(hash);
        EpochsEnded += header.NextValidatorsHash != default ? 1UL : 0;
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
        var accused = reigns.IdentityOf(first.Body.Epoch, first.Signer);
        Require(
            accused is { } signer && Power.Contains(faulty, signer) && first.Signer == second.Signer && first.Body != second.Body
                && first.View == second.View && first.Body.Epoch == second.Body.Epoch
                && IsGenuine(first.Body, signer, first.Signature) && IsGenuine(second.Body, signer, second.Signature),
            "evidence",
            $"seat {first.Signer} is accused in view {first.View} of epoch {first.Body.Epoch}");
    }

    /// <summary>Every view that was finalised, as a certificate shows, is in the one chain if the chain reaches that far.</summary>
    public void AtTheEnd()
    {
        foreach (var ((epoch, view), record) in views)
        {
            Require(
                record.Finalization is not { } final || IsAbove(epoch, view) || committed.Contains(final.HeaderHash),
                "agreement",
                $"view {view} of epoch {epoch} was finalised but is not in the chain");
        }

        // After an epoch's last block nothing of that epoch may be above the chain.
        bool IsAbove(ulong epoch, ulong view) => epoch > EpochsEnded
            || (epoch == EpochsEnded && (chain.Count == 0 || chain[^1].Epoch.Value < epoch || view > chain[^1].View.Value));
    }

    Header? LastOf(ulong epoch) => chain.FindLast(header => header.Epoch.Value == epoch && header.NextValidatorsHash != default);

    void Note(VoteBody body)
    {
        var record = At(body.Epoch, body.View);
        switch (body.Kind)
        {
            case VoteKind.Notarize:
                Require(record.Notarization is null || record.Notarization == body, "two notarizations", $"view {body.View}");
                record.Notarization = body;
                break;
            case VoteKind.Finalize:
                Require(record.Finalization is null || record.Finalization == body, "two finalizations", $"view {body.View}");
                Require(
                    !committedIn.TryGetValue((body.Epoch.Value, body.View.Value), out var hash) || hash == body.HeaderHash,
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
