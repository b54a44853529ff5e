using AppChain.Storage;

namespace AppChain.Node.Verify;

/// <summary>What a verification found, line by line as it finds it.</summary>
/// <param name="print">Takes a line: a label and a text.</param>
internal sealed class VerifyReport(Action<string, string> print)
{
    /// <summary>Problems that are printed. More are only counted.</summary>
    public const int ProblemsPrintedMax = 20;

    /// <summary>Problems found.</summary>
    public int Problems { get; private set; }

    public void Note(string label, string text) => print(label, text);

    /// <summary>A record is not what it must be.</summary>
    /// <param name="place">As in "column family headers, height 7".</param>
    public void Problem(string place, string what) => Print($"{place}: {what}");

    /// <summary>Runs a check. Where a record cannot be read at all, that is a problem and the end of this check, not of the others.</summary>
    public void Run(Action check)
    {
        try
        {
            check();
        }
        catch (StorageException damage) when (damage.Fault == StorageFault.Corruption)
        {
            Damage(damage);
        }
    }

    /// <summary>A record cannot be read.</summary>
    public void Damage(StorageException damage) => Print(damage.Message);

    private void Print(string problem)
    {
        if (Problems++ < ProblemsPrintedMax)
            print("problem", problem);
        if (Problems == ProblemsPrintedMax + 1)
            print("problem", $"more than {ProblemsPrintedMax}: the others are only counted");
    }
}
