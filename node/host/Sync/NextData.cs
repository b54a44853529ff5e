namespace AppChain.Node.Sync;

/// <summary>
/// Puts a state that has arrived in the place of the node's data, while nobody has either open. Cut anywhere, the next start finishes it:
/// at each moment one of the two directories is whole. The journal of own votes goes with the old data; what this key has signed is in
/// the signer record.
/// </summary>
internal static class NextData
{
    /// <summary>Does it if there is one. True if the data are new.</summary>
    public static bool Take(NodeHome home)
    {
        string old = home.DataDirectory + ".old";
        bool arrived = Directory.Exists(home.NextDataDirectory);
        if (arrived)
        {
            Delete(old);
            if (Directory.Exists(home.DataDirectory))
                Directory.Move(home.DataDirectory, old);
            Directory.Move(home.NextDataDirectory, home.DataDirectory);
        }
        Delete(old);
        return arrived;
    }

    private static void Delete(string directory)
    {
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
    }
}
