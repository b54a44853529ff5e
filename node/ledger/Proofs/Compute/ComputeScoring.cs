using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What a worker of a job did.</summary>
/// <param name="Device">The worker.</param>
/// <param name="Commitment">
/// What it committed to before it saw others' results (<see cref="ComputeScoring.Commit"/>); null: nothing in time.
/// </param>
/// <param name="Result">The hash of its result, when it revealed; null: it did not.</param>
/// <param name="Salt">What it revealed with it.</param>
public readonly record struct ComputeAnswer(Address Device, Hash256? Commitment, Hash256? Result, Hash256 Salt);

/// <summary>What became of a worker's answer. The numbers are the state's.</summary>
public enum ComputeOutcome : byte
{
    /// <summary>Its result is the job's: it is paid.</summary>
    Agrees = 0,

    /// <summary>Another result has the majority, or is known: its bond is slashed.</summary>
    Contradicted = 1,

    /// <summary>It committed to nothing in time: it loses its turn.</summary>
    NotCommitted = 2,

    /// <summary>It did not reveal: its bond is slashed, or else who finds out that he is wrong would keep silent.</summary>
    NotRevealed = 3,

    /// <summary>It revealed what it had not committed to: its bond is slashed.</summary>
    RevealDiffers = 4,

    /// <summary>No result has a majority yet.</summary>
    Open = 5,
}

/// <summary>What the answers to a job so far come to.</summary>
/// <param name="Outcomes">One for each answer, in their order.</param>
/// <param name="Result">The job's result; null: more answers are needed.</param>
/// <param name="Wanted">How many more workers to ask, in the order of <see cref="ComputeAssignment.Order"/>; 0: the job is settled.</param>
public sealed record ComputeScore(ImmutableArray<ComputeOutcome> Outcomes, Hash256? Result, uint Wanted);

/// <summary>Judges the answers to a job: pure.</summary>
public static class ComputeScoring
{
    private static readonly HashTag Tag = new("AppChain/compute-result");

    /// <summary>
    /// What a worker commits to: <c>TaggedHash("AppChain/compute-result", job ‖ device ‖ (result ‖ salt))</c>. The device is in it, so that
    /// nobody can repeat another's.
    /// </summary>
    public static Hash256 Commit(Hash256 job, Address device, Hash256 result, Hash256 salt) =>
        Tag.Hash(job.Bytes, device.Bytes, [.. result.Bytes, .. salt.Bytes]);

    /// <summary>Judges a job that several compute. A result holds as soon as <paramref name="quorum"/> workers gave it.</summary>
    /// <param name="job">The hash of input and specification.</param>
    /// <param name="answers">The answers, when the time to reveal is over.</param>
    /// <param name="quorum">1 for a job that is not replicated, else 2.</param>
    /// <param name="known">The result of a canary: a job whose answer was known before; null: it is none.</param>
    public static ComputeScore Judge(Hash256 job, ImmutableArray<ComputeAnswer> answers, uint quorum, Hash256? known = null)
    {
        Dictionary<Hash256, uint> votes = [];
        Hash256? result = known;
        uint most = 0;
        var outcomes = new ComputeOutcome[answers.Length];
        for (int i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = Check(job, answers[i]);
            if (outcomes[i] != ComputeOutcome.Open)
                continue;
            Hash256 given = answers[i].Result!.Value;
            uint count = votes[given] = votes.GetValueOrDefault(given) + 1;
            most = uint.Max(most, count);
            // The first that gets there; with one more answer at a time no second can.
            if (result is null && count >= quorum)
                result = given;
        }
        if (result is not { } holds)
            return new ComputeScore([.. outcomes], null, quorum - most);
        for (int i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] == ComputeOutcome.Open)
                outcomes[i] = answers[i].Result == holds ? ComputeOutcome.Agrees : ComputeOutcome.Contradicted;
        }
        return new ComputeScore([.. outcomes], holds, 0);
    }

    /// <summary>True if who has this outcome loses his bond for the job.</summary>
    public static bool IsSlashed(ComputeOutcome outcome) =>
        outcome is ComputeOutcome.Contradicted or ComputeOutcome.NotRevealed or ComputeOutcome.RevealDiffers;

    private static ComputeOutcome Check(Hash256 job, in ComputeAnswer answer)
    {
        if (answer.Commitment is not { } commitment)
            return ComputeOutcome.NotCommitted;
        if (answer.Result is not { } result)
            return ComputeOutcome.NotRevealed;
        return Commit(job, answer.Device, result, answer.Salt) == commitment ? ComputeOutcome.Open : ComputeOutcome.RevealDiffers;
    }
}
