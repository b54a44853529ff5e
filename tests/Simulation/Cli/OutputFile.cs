namespace AppChain.Simulation.Cli;

/// <summary>A file that is written when all is done: whether it can be is found out before.</summary>
static class OutputFile
{
    /// <summary>Why it cannot be written; null if it can, or if none is wanted.</summary>
    public static string? Problem(string? path)
    {
        if (path is null)
        {
            return null;
        }

        try
        {
            using var file = File.Open(path, FileMode.OpenOrCreate, FileAccess.Write);
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return $"{path} cannot be written: {refused.Message}";
        }
    }
}
