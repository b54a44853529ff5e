namespace AppChain.Devnet.Siege;

/// <summary>What the command line asked of a siege, checked.</summary>
/// <param name="For">How long it lasts; as long is measured before without it.</param>
/// <param name="SlowerMax">How many times as long an honest proof may take.</param>
internal sealed record SiegeOptions(DevnetOptions Devnet, int Connections, int Frames, TimeSpan For, double SlowerMax);
