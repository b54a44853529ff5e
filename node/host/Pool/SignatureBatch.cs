using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Pool;

/// <summary>Verifies all signatures of many transactions in one call.</summary>
public static class SignatureBatch
{
    /// <summary>For each transaction, whether every signature in it is good.</summary>
    public static bool[] Verify(IReadOnlyList<Transaction> transactions)
    {
        List<SignatureCheck> checks = new(transactions.Count);
        int[] ends = new int[transactions.Count];
        for (int i = 0; i < transactions.Count; i++)
        {
            transactions[i].CollectSignatures(checks);
            ends[i] = checks.Count;
        }
        bool[] results = new bool[checks.Count];
        SignatureVerifier.Verify(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(checks), results);
        bool[] good = new bool[transactions.Count];
        for (int i = 0, start = 0; i < transactions.Count; start = ends[i], i++)
            good[i] = !results.AsSpan(start..ends[i]).Contains(false);
        return good;
    }
}
