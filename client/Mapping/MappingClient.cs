using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Client.Mapping;

/// <summary>What accounts, cameras and reviewers of mapping services do (docs/mapping.md).</summary>
public static class MappingClient
{
    /// <summary>Offers that a device of this account reviews a service's images, or takes that back.</summary>
    public static Task<SubmitResult> SetReviewerAsync(
        this Wallet wallet, Address device, uint service, bool reviews, CancellationToken cancellation = default) =>
        wallet.SubmitAsync(new SetReviewer(device, service, reviews), cancellation);

    /// <summary>Buys what a service has of a tile.</summary>
    public static Task<SubmitResult> BuyTileAsync(
        this Wallet wallet, uint service, MapTile tile, Credits credits, CancellationToken cancellation = default) =>
        wallet.SubmitAsync(new BuyTile(service, tile, credits), cancellation);

    /// <summary>As a reviewer, commits to a quality that <see cref="RevealReviewAsync"/> tells when all have committed.</summary>
    /// <returns>Null if no device of this address is registered.</returns>
    public static Task<SubmitResult?> CommitReviewAsync(
        this NodeClient node, ChainId chain, PrivateKey key, Address device, uint service, RevealReview review, CancellationToken cancellation = default) =>
        node.SubmitProofAsync(
            chain, key, device, service, new CommitReview(review.Image, ReviewScoring.Commit(review.Image, device, review.QualityPpm, review.Salt)), cancellation);

    /// <summary>As a reviewer, tells what it committed to.</summary>
    /// <returns>Null if no device of this address is registered.</returns>
    public static Task<SubmitResult?> RevealReviewAsync(
        this NodeClient node, ChainId chain, PrivateKey key, Address device, uint service, RevealReview review, CancellationToken cancellation = default) =>
        node.SubmitProofAsync(chain, key, device, service, review, cancellation);

    /// <summary>An image that waits for its reviews, or null when there is none or it has its verdict.</summary>
    public static async Task<MapImageRecord?> FindImageAsync(this NodeClient node, Hash256 image, CancellationToken cancellation = default) =>
        await node.FindRecordAsync(StateKey.MapImage(image), cancellation) is { } record ? MapImageRecord.Decode(record.Value.Memory) : null;

    /// <summary>What is known of a tile, or null when nobody has mapped it.</summary>
    public static async Task<MapTileRecord?> FindTileAsync(this NodeClient node, uint service, MapTile tile, CancellationToken cancellation = default) =>
        await node.FindRecordAsync(StateKey.MapTile(service, tile), cancellation) is { } record ? MapTileRecord.Decode(record.Value.Memory) : null;
}
