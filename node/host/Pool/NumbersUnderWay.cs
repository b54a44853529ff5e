using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Pool;

/// <summary>
/// The highest number that each signer has under way. Once it is executed, lower ones than a window's length below are too old: admitted after it they
/// would be skipped. Not safe for threads: <see cref="FinalityTracker"/> guards it.
/// </summary>
internal sealed class NumbersUnderWay
{
    private readonly Dictionary<(bool OfDevice, Address Signer), (ulong Highest, int Count)> bySigner = [];

    public bool Passed(Transaction transaction) =>
        bySigner.TryGetValue(Of(transaction), out (ulong Highest, int) known)
        && transaction.Body.Sequence < known.Highest
        && known.Highest - transaction.Body.Sequence >= LedgerLimits.SequenceWindow;

    public void Add(Transaction transaction)
    {
        (ulong highest, int count) = bySigner.GetValueOrDefault(Of(transaction));
        bySigner[Of(transaction)] = (Math.Max(highest, transaction.Body.Sequence), count + 1);
    }

    public void Remove(Transaction transaction)
    {
        (ulong highest, int count) = bySigner[Of(transaction)];
        if (count == 1)
            bySigner.Remove(Of(transaction));
        else
            bySigner[Of(transaction)] = (highest, count - 1);
    }

    private static (bool, Address) Of(Transaction transaction) => (transaction.IsOfDevice, transaction.Body.Signer);
}
