namespace AppChain.Devnet.Audit;

/// <summary>What the command line asked of an audit, checked.</summary>
/// <param name="For">How long devices work and users pay.</param>
/// <param name="Epoch">Length of a reward epoch.</param>
/// <param name="Pairs">Random pairs of a device and an epoch.</param>
/// <param name="Seed">Draws the pairs, who pays whom, and how much.</param>
internal sealed record AuditOptions(DevnetOptions Devnet, TimeSpan For, TimeSpan Epoch, int Pairs, int Seed);
