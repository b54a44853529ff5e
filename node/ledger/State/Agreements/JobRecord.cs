using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What a job waits for. The numbers are the state's.</summary>
public enum JobPhase : byte
{
    /// <summary>Workers offer.</summary>
    Offering = 0,

    /// <summary>Those who were asked compute, and commit to their results.</summary>
    Working = 1,

    /// <summary>They reveal; the client may open its seal.</summary>
    Revealing = 2,
}

/// <summary>Whether a second worker computes the same. The numbers are the state's.</summary>
public enum Replication : byte
{
    Undrawn = 0,
    Alone = 1,
    Replicated = 2,
}

/// <summary>How far a worker has come. The numbers are the state's.</summary>
public enum AnswerStage : byte
{
    Asked = 0,
    Committed = 1,
    Revealed = 2,

    /// <summary>It committed to nothing in time.</summary>
    Silent = 3,

    /// <summary>It committed and did not reveal in time.</summary>
    Hidden = 4,
}

/// <summary>A worker that a job has asked.</summary>
/// <param name="Device">The worker.</param>
/// <param name="Stage">How far it has come.</param>
/// <param name="Proof">The transaction that committed; zeros before.</param>
/// <param name="SentMs">Time of the block that took it.</param>
/// <param name="Commitment">What it committed to (<see cref="ComputeScoring.Commit"/>).</param>
/// <param name="Result">The hash of its result, once revealed.</param>
/// <param name="Salt">What it revealed with it.</param>
public readonly record struct JobAnswer(
    Address Device, AnswerStage Stage, Hash256 Proof = default, ulong SentMs = 0, Hash256 Commitment = default, Hash256 Result = default, Hash256 Salt = default);

/// <summary>
/// A job that a client pays workers to compute. Its id is that of the transaction that posted it. Two prices are locked in it until its end: there are never more
/// than two whose results agree.
/// </summary>
/// <remarks>
/// version:1 ‖ client:20 ‖ service:4 ‖ price:8 ‖ slash:8 ‖ input:32 ‖ specification:32 ‖ seal:32 ‖ phase:1 ‖ round:4 ‖ endsMs:8 ‖ replication:1 ‖ wanted:1 ‖ opened:1 ‖ result:32 ‖ salt:32 ‖
/// asked:1 ‖ count:1 × (device:20 ‖ owner:20 ‖ valid:4) ‖ count:1 × (device:20 ‖ stage:1 ‖ proof:32 ‖ sentMs:8 ‖ commitment:32 ‖ result:32 ‖ salt:32).
/// </remarks>
public sealed record JobRecord : StateRecord
{
    /// <summary>How many prices a job locks.</summary>
    public const uint PricesLocked = 2;

    private static readonly HashTag WorkTag = new("AppChain/compute-work");

    public required Address Client { get; init; }

    public required uint Service { get; init; }

    /// <summary>For each worker whose result is the job's.</summary>
    public required Credits Price { get; init; }

    /// <summary>What a worker loses of its bond whose result is another, or who hides it.</summary>
    public required Amount Slash { get; init; }

    /// <summary>The hash of what is computed on.</summary>
    public required Hash256 Input { get; init; }

    /// <summary>The hash of what is computed: program, version, parameters.</summary>
    public required Hash256 Specification { get; init; }

    /// <summary>The client's own commitment, if it knows the result (a canary); of other jobs any 32 bytes. Nobody can tell which.</summary>
    public required Hash256 Seal { get; init; }

    public JobPhase Phase { get; init; }

    /// <summary>Rises with every phase: what waits for an earlier one finds that it is over.</summary>
    public uint Round { get; init; }

    /// <summary>When the phase is over.</summary>
    public required ulong EndsMs { get; init; }

    public Replication Replication { get; init; }

    /// <summary>How many commitments there must be before anything is revealed, as far as workers can be had.</summary>
    public byte Wanted { get; init; }

    /// <summary>The client has opened its seal: <see cref="SealedResult"/> counts as one more answer.</summary>
    public bool SealOpened { get; init; }

    public Hash256 SealedResult { get; init; }

    public Hash256 SealedSalt { get; init; }

    /// <summary>How many of <see cref="Workers"/> were asked.</summary>
    public byte Asked { get; init; }

    /// <summary>Who offered, at most <see cref="LedgerLimits.JobOffersMax"/>, each of another owner; from the draw on in the order in which they are asked.</summary>
    public ImmutableArray<Worker> Workers { get; init; } = [];

    /// <summary>Those who were asked.</summary>
    public ImmutableArray<JobAnswer> Answers { get; init; } = [];

    /// <summary>Credits that are locked.</summary>
    public Credits Locked => new(Price.Units * PricesLocked);

    /// <summary>What commitments are about: <c>TaggedHash("AppChain/compute-work", input ‖ specification)</c>.</summary>
    public Hash256 Work => WorkOf(Input, Specification);

    /// <summary>How many have committed and are yet to reveal.</summary>
    public int Committed => Answers.Count(answer => answer.Stage == AnswerStage.Committed);

    /// <summary>What commitments to a job of this input and specification are about.</summary>
    public static Hash256 WorkOf(Hash256 input, Hash256 specification) => WorkTag.Hash(input.Bytes, specification.Bytes);

    /// <summary>The job, or null if there is none or it has ended.</summary>
    public static JobRecord? Find(ILedgerState state, Hash256 job) => state.Find(StateKey.Job(job), Decode);

    internal static JobRecord Get(ILedgerState state, Hash256 job) =>
        Find(state, job) ?? throw new LedgerInvariantException("A job that somebody waits for is not in the state.");

    /// <summary>Where the device's answer stands; −1: it was not asked.</summary>
    public int AnswerOf(Address device)
    {
        for (int i = 0; i < Answers.Length; i++)
        {
            if (Answers[i].Device == device)
                return i;
        }
        return -1;
    }

    public bool Equals(JobRecord? other) => other is not null && Encode().AsSpan().SequenceEqual(other.Encode());

    public override int GetHashCode() => HashCode.Combine(Client, Input, Round, Answers.Length);

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Address(Client);
        writer.UInt32(Service);
        writer.Credits(Price);
        writer.Amount(Slash);
        writer.Raw(Input.Bytes);
        writer.Raw(Specification.Bytes);
        writer.Raw(Seal.Bytes);
        writer.UInt8((byte)Phase);
        writer.UInt32(Round);
        writer.UInt64(EndsMs);
        writer.UInt8((byte)Replication);
        writer.UInt8(Wanted);
        writer.Flag(SealOpened);
        writer.Raw(SealedResult.Bytes);
        writer.Raw(SealedSalt.Bytes);
        writer.UInt8(Asked);
        writer.UInt8((byte)Workers.Length);
        foreach (Worker worker in Workers)
        {
            writer.Address(worker.Device);
            writer.Address(worker.Owner);
            writer.UInt32(worker.ValidInARow);
        }
        writer.UInt8((byte)Answers.Length);
        foreach (JobAnswer answer in Answers)
            Write(writer, answer);
        return writer.ToArray();
    }

    public static JobRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        // An initialiser runs in the order in which it is written: the order of the layout.
        JobRecord record = new()
        {
            Client = reader.Address(),
            Service = reader.UInt32(),
            Price = reader.Credits(),
            Slash = reader.Amount(),
            Input = Hash(ref reader),
            Specification = Hash(ref reader),
            Seal = Hash(ref reader),
            Phase = (JobPhase)reader.UInt8(),
            Round = reader.UInt32(),
            EndsMs = reader.UInt64(),
            Replication = (Replication)reader.UInt8(),
            Wanted = reader.UInt8(),
            SealOpened = reader.Flag(),
            SealedResult = Hash(ref reader),
            SealedSalt = Hash(ref reader),
            Asked = reader.UInt8(),
            Workers = ReadWorkers(ref reader),
            Answers = ReadAnswers(ref reader),
        };
        reader.End();
        return record;
    }

    private static Hash256 Hash(ref RecordReader reader) => new(reader.Raw(Hash256.Size));

    private static void Write(RecordWriter writer, in JobAnswer answer)
    {
        writer.Address(answer.Device);
        writer.UInt8((byte)answer.Stage);
        writer.Raw(answer.Proof.Bytes);
        writer.UInt64(answer.SentMs);
        writer.Raw(answer.Commitment.Bytes);
        writer.Raw(answer.Result.Bytes);
        writer.Raw(answer.Salt.Bytes);
    }

    private static ImmutableArray<Worker> ReadWorkers(ref RecordReader reader)
    {
        List<Worker> workers = [];
        for (int left = reader.UInt8(); left > 0; left--)
            workers.Add(new Worker(reader.Address(), reader.Address(), reader.UInt32()));
        return [.. workers];
    }

    private static ImmutableArray<JobAnswer> ReadAnswers(ref RecordReader reader)
    {
        List<JobAnswer> answers = [];
        for (int left = reader.UInt8(); left > 0; left--)
        {
            answers.Add(new JobAnswer(
                reader.Address(), (AnswerStage)reader.UInt8(), Hash(ref reader), reader.UInt64(), Hash(ref reader), Hash(ref reader), Hash(ref reader)));
        }
        return [.. answers];
    }
}
