using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>Where sorted key hashes that share a path part.</summary>
internal static class TreePath
{
    /// <summary>How many of the changes turn left at this depth. They share the bits before it, and are sorted.</summary>
    public static int FirstRight(ReadOnlySpan<TreeChange> changes, int depth)
    {
        int low = 0, high = changes.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (TreeHash.GoesRight(changes[middle].KeyHash, depth))
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }

    /// <summary>The same for entries.</summary>
    public static int FirstRight(ReadOnlySpan<TreeEntry> entries, int depth)
    {
        int index = 0;
        while (index < entries.Length && !TreeHash.GoesRight(entries[index].KeyHash, depth))
            index++;
        return index;
    }
}
