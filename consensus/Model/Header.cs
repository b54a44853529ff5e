using System;
using System.Text;

namespace AppChain.Consensus;

/// <summary>
/// What validators vote on. It commits to its parent, to an opaque payload, and to the state after the <b>parent</b>: execution is off the
/// vote's path. The encoding is fixed and strict (layout in README.md); its tagged hash is the block's identity.
/// </summary>
public sealed record Header
{
    public const ushort SupportedVersion = 2;

    const int FixedBytes = 2 + 1 + (4 * 8) + Digest.Size + 8 + 2 + (6 * Digest.Size) + VrfProof.Size;

    /// <summary>The longest encoding, in bytes.</summary>
    public const int BytesMax = FixedBytes + ChainId.BytesMax;

    public required ChainId ChainId { get; init; }
    public required Epoch Epoch { get; init; }
    public required View View { get; init; }
    public required Height Height { get; init; }

    /// <summary>The view of the parent: below <see cref="View"/>, and all views between are nullified (rule 3).</summary>
    public required View ParentView { get; init; }
    public required Digest ParentHash { get; init; }

    /// <summary>Unix time in milliseconds by the leader's clock; above the parent's.</summary>
    public required ulong TimeMs { get; init; }

    /// <summary>Index of the leader in the validator set.</summary>
    public required ushort Leader { get; init; }
    public required Digest PayloadHash { get; init; }

    /// <summary>Root of the state after the parent was executed.</summary>
    public required Digest StateRoot { get; init; }

    /// <summary>Root of the parent's receipts.</summary>
    public required Digest ReceiptsRoot { get; init; }
    public required Digest ValidatorsHash { get; init; }

    /// <summary>In the last block of an epoch the hash of the next epoch's set; zero in all others (rule 11).</summary>
    public required Digest NextValidatorsHash { get; init; }

    /// <summary>The chain's randomness with this block: what nobody could foretell who did not know its leader's key and the parent's
    /// beacon.</summary>
    public required Digest Beacon { get; init; }

    /// <summary>Shows that the leader could have drawn no other beacon on this parent (rule 3).</summary>
    public required VrfProof BeaconProof { get; init; }

    /// <summary>True for an epoch's last block, the boundary block: nothing is built on it within the epoch (rule 11).</summary>
    public bool EndsEpoch => NextValidatorsHash != Digest.Zero;

    /// <summary>The identity of the block. Computed at each call: keep it, or use <see cref="Block.Hash"/>.</summary>
    public Digest Hash => TaggedHash.Header.Of(Encode());

    public byte[] Encode()
    {
        var writer = new ByteWriter(FixedBytes + ChainId.Bytes.Length);
        writer.U16(SupportedVersion);
        writer.U8((byte)ChainId.Bytes.Length);
        writer.Bytes(ChainId.Bytes);
        writer.U64(Epoch.Value);
        writer.U64(View.Value);
        writer.U64(Height.Value);
        writer.U64(ParentView.Value);
        writer.Digest(ParentHash);
        writer.U64(TimeMs);
        writer.U16(Leader);
        writer.Digest(PayloadHash);
        writer.Digest(StateRoot);
        writer.Digest(ReceiptsRoot);
        writer.Digest(ValidatorsHash);
        writer.Digest(NextValidatorsHash);
        writer.Digest(Beacon);
        var proof = BeaconProof;
        writer.Bytes(proof.Bytes);
        return writer.Finish();
    }

    /// <summary>False for another version, a malformed chain id, a parent view not below the view, missing or trailing bytes. Never
    /// throws.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out Header header)
    {
        header = null!;
        var reader = new ByteReader(bytes);
        if (!reader.U16(out var version) || version != SupportedVersion
            || !reader.U8(out var chainIdLength) || !reader.Take(chainIdLength, out var chainIdBytes)
            || !ChainId.TryCreate(Encoding.Latin1.GetString(chainIdBytes), out var chainId)
            || !reader.U64(out var epoch) || !reader.U64(out var view) || !reader.U64(out var height)
            || !reader.U64(out var parentView) || parentView >= view || !reader.Digest(out var parentHash) || !reader.U64(out var timeMs)
            || !reader.U16(out var leader) || !reader.Digest(out var payloadHash) || !reader.Digest(out var stateRoot)
            || !reader.Digest(out var receiptsRoot) || !reader.Digest(out var validatorsHash)
            || !reader.Digest(out var nextValidatorsHash)
            || !reader.Digest(out var beacon) || !reader.Take(VrfProof.Size, out var beaconProof) || !reader.AtEnd)
        {
            return false;
        }

        header = new Header
        {
            ChainId = chainId,
            Epoch = new Epoch(epoch),
            View = new View(view),
            Height = new Height(height),
            ParentView = new View(parentView),
            ParentHash = parentHash,
            TimeMs = timeMs,
            Leader = leader,
            PayloadHash = payloadHash,
            StateRoot = stateRoot,
            ReceiptsRoot = receiptsRoot,
            ValidatorsHash = validatorsHash,
            NextValidatorsHash = nextValidatorsHash,
            Beacon = beacon,
            BeaconProof = new VrfProof(beaconProof),
        };
        return true;
    }
}
