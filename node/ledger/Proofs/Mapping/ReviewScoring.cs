using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Who reviews an image, and what several reviews come to: pure.</summary>
public static class ReviewScoring
{
    /// <summary>Reviews without which an image is not judged.</summary>
    public const int ReviewsMin = 2;

    private static readonly HashTag CommitTag = new("AppChain/review"), DrawTag = new("AppChain/reviewer");

    /// <summary>
    /// What a reviewer commits to: <c>TaggedHash("AppChain/review", image ‖ reviewer ‖ (quality:4 ‖ salt))</c>. The reviewer is in it, so
    /// that nobody can repeat another's.
    /// </summary>
    public static Hash256 Commit(Hash256 image, Address reviewer, uint qualityPpm, Hash256 salt)
    {
        byte[] opinion = new byte[sizeof(uint) + Hash256.Size];
        BinaryPrimitives.WriteUInt32BigEndian(opinion, qualityPpm);
        salt.Bytes.CopyTo(opinion.AsSpan(sizeof(uint)));
        return CommitTag.Hash(image.Bytes, reviewer.Bytes, opinion);
    }

    /// <summary>
    /// The reviewers in the order in which an image asks them: by <c>TaggedHash("AppChain/reviewer", entropy ‖ image ‖ reviewer)</c>.
    /// </summary>
    /// <param name="entropy">From after the image was sent and the reviewers had offered.</param>
    public static ImmutableArray<Address> Order(Hash256 image, Hash256 entropy, ImmutableArray<Address> reviewers)
    {
        List<(Hash256 Rank, int Index)> ranks = new(reviewers.Length);
        for (int i = 0; i < reviewers.Length; i++)
            ranks.Add((DrawTag.Hash(entropy.Bytes, image.Bytes, reviewers[i].Bytes), i));
        ranks.Sort();
        ImmutableArray<Address>.Builder order = ImmutableArray.CreateBuilder<Address>(reviewers.Length);
        foreach ((_, int index) in ranks)
            order.Add(reviewers[index]);
        return order.MoveToImmutable();
    }

    /// <summary>
    /// The quality that several reviews come to: their median, of an even number the lower one, if at least two of them are near it. Null:
    /// they say nothing together.
    /// </summary>
    public static uint? Agreed(ReadOnlySpan<uint> qualities, ulong tolerance)
    {
        if (qualities.Length < ReviewsMin)
            return null;
        uint median = MappingScoring.MedianOf(qualities);
        int near = 0;
        foreach (uint quality in qualities)
            near += IsNear(quality, median, tolerance) ? 1 : 0;
        return near >= ReviewsMin ? median : null;
    }

    /// <summary>True if a review says what the others say.</summary>
    public static bool IsNear(uint quality, uint median, ulong tolerance) => (ulong)long.Abs((long)quality - median) <= tolerance;
}
