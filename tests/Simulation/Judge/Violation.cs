namespace AppChain.Simulation;

/// <summary>Something happened that must never happen. Ends the run.</summary>
sealed class Violation(string check, string what) : Exception($"{check}: {what}")
{
    /// <summary>Which of the oracle's checks found it.</summary>
    public string Check => check;
}
