using System.Collections.Immutable;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Calibration.Protocols;

/// <summary>
/// Careers of workers whose results others compute again, by chance, after they have committed to theirs. A slash is 20 prices of a job, as services are
/// to see to (docs/compute.md); with it the bond is too small for another job, and the career is over.
/// </summary>
internal static class ComputeStories
{
    private const string Data = "Compute";
    private const int Careers = 2_000, JobsMax = 200;
    private const double SlashInPrices = 20;

    private static readonly Hash256 Right = ProtocolCalibration.Chance("result", 1), Wrong = ProtocolCalibration.Chance("result", 2);
    private static readonly Address[] Devices = [.. Enumerable.Range(0, 3).Select(i => new Address(ProtocolCalibration.Chance("worker", i).Bytes[..Address.Size]))];

    public static Finding Computes() => Play("computes", lieFrom: JobsMax);

    public static IEnumerable<Finding> Frauds() =>
    [
        Play("sends a wrong result from the first job on", lieFrom: 0),
        Play("computes ten jobs, and lies from then on", lieFrom: 10),
        Play("computes until it is checked as seldom as can be, and lies from then on", lieFrom: 20),
        Play("lies in one job of five once it is checked seldom", lieFrom: 20, oneIn: 5),
    ];

    // Of lies alone: what they are paid, less what is slashed, to what the same jobs honestly done would be paid.
    private static Finding Play(string story, int lieFrom, int oneIn = 1)
    {
        int cases = 0, caught = 0;
        double earned = 0;
        for (int career = 0; career < Careers; career++)
        {
            uint streak = 0;
            for (int number = 0; number < JobsMax; number++)
            {
                bool lies = number >= lieFrom && (number - lieFrom) % oneIn == 0, counts = lies || lieFrom == JobsMax;
                bool slashed = IsSlashed(ProtocolCalibration.Chance($"job of {career}", number), lies, streak);
                if (counts)
                    (cases, caught, earned) = (cases + 1, caught + (slashed ? 1 : 0), earned + (slashed ? -SlashInPrices : 1));
                if (slashed)
                    break;
                streak++;
            }
        }
        return new Finding(Data, story, cases, caught / (double)cases, double.Max(0, earned / cases));
    }

    private static bool IsSlashed(Hash256 job, bool lies, uint streak)
    {
        Worker worker = new(Devices[0], Devices[0], streak);
        uint quorum = ComputeAssignment.IsReplicated(job, Hashing.Sha256(job.Bytes), worker) ? 2u : 1u;
        ImmutableArray<ComputeAnswer> answers = [Answer(job, 0, lies ? Wrong : Right)];
        ComputeScore score = ComputeScoring.Judge(job, answers, quorum);
        while (score.Wanted > 0)
        {
            answers = answers.Add(Answer(job, answers.Length, Right));
            score = ComputeScoring.Judge(job, answers, quorum);
        }
        return ComputeScoring.IsSlashed(score.Outcomes[0]);
    }

    private static ComputeAnswer Answer(Hash256 job, int worker, Hash256 result)
    {
        Hash256 salt = ProtocolCalibration.Chance("salt", worker);
        return new ComputeAnswer(Devices[worker], ComputeScoring.Commit(job, Devices[worker], result, salt), result, salt);
    }
}
