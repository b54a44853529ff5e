using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>A device that offers to compute.</summary>
/// <param name="Device">The device.</param>
/// <param name="Owner">Who owns it.</param>
/// <param name="ValidInARow">Jobs in a row in which it was of the majority.</param>
public readonly record struct Worker(Address Device, Address Owner, uint ValidInARow);

/// <summary>Who computes a job: drawn by entropy from after the job was posted and the workers had offered.</summary>
public static class ComputeAssignment
{
    /// <summary>The least chance that a proven worker's job is given to a second one, in parts per million.</summary>
    public const uint ReplicationMin = 50_000;

    private const uint Whole = 1_000_000;

    private static readonly HashTag Tag = new("AppChain/assignee");

    /// <summary>
    /// The workers in the order in which they are asked: by the hash of entropy, job and device; of each owner only the first, so that
    /// nobody checks himself.
    /// </summary>
    public static ImmutableArray<Worker> Order(Hash256 job, Hash256 entropy, ImmutableArray<Worker> offers)
    {
        List<(Hash256 Rank, int Index)> ranks = [];
        for (int i = 0; i < offers.Length; i++)
            ranks.Add((Tag.Hash(entropy.Bytes, job.Bytes, offers[i].Device.Bytes), i));
        ranks.Sort();
        HashSet<Address> owners = [];
        var order = ImmutableArray.CreateBuilder<Worker>();
        foreach ((_, int index) in ranks)
        {
            if (owners.Add(offers[index].Owner))
                order.Add(offers[index]);
        }
        return order.ToImmutable();
    }

    /// <summary>
    /// The chance that a worker's job is given to a second one: <c>max(5 %, 1 / valid in a row)</c>, in parts per million.
    /// </summary>
    public static uint ReplicationOf(uint validInARow) => uint.Max(ReplicationMin, Whole / uint.Max(validInARow, 1));

    /// <summary>
    /// Whether this job of this worker is given to a second one. He cannot know when he computes: the entropy comes after his commitment.
    /// </summary>
    public static bool IsReplicated(Hash256 job, Hash256 entropy, in Worker worker) =>
        Lot.Below(entropy, [.. job.Bytes, .. worker.Device.Bytes], 0, Whole) < ReplicationOf(worker.ValidInARow);
}
