namespace AppChain.Devnet;

/// <summary>The devnet cannot start or go on; the message is one sentence that says why and what to do.</summary>
internal sealed class DevnetException(string message) : Exception(message);
