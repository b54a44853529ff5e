using System.Collections.Immutable;
using AppChain.Crypto;
using AppChain.Ledger.Location;

namespace AppChain.Ledger;

/// <summary>A beacon as its sender reported it.</summary>
/// <param name="Device">The sender.</param>
/// <param name="Owner">Who owns it.</param>
/// <param name="Place">Where it says it stands.</param>
/// <param name="EirpCentiDbm">What it radiates, antenna included, in hundredths of a dBm.</param>
/// <param name="FrequencyHz">On which frequency.</param>
/// <param name="SentMs">When, by its clock.</param>
/// <param name="DrawnMs">When the entropy that it answers was final: nobody could send it earlier.</param>
/// <param name="Payload">The hash of what it sent, which holds the entropy.</param>
/// <param name="WorkedMs">When it last did accepted work of any kind before this; 0: never.</param>
public sealed record WirelessBeacon(
    Address Device, Address Owner, GeoPoint Place, int EirpCentiDbm, ulong FrequencyHz, ulong SentMs, ulong DrawnMs, Hash256 Payload, ulong WorkedMs);

/// <summary>A reception of the beacon as its witness reported it.</summary>
/// <param name="Device">The witness.</param>
/// <param name="Owner">Who owns it.</param>
/// <param name="Revoked">True if its manufacturer or owner has revoked it since.</param>
/// <param name="Place">Where it says it stands.</param>
/// <param name="GainCentiDb">Its antenna's gain, in hundredths of a dB.</param>
/// <param name="RssiCentiDbm">How strong it received, in hundredths of a dBm.</param>
/// <param name="FrequencyHz">On which frequency.</param>
/// <param name="ReceivedMs">When, by its clock.</param>
/// <param name="Payload">The hash of what it received.</param>
/// <param name="WorkedMs">When it last did accepted work of any kind before this; 0: never.</param>
public sealed record WirelessWitness(
    Address Device, Address Owner, bool Revoked, GeoPoint Place, int GainCentiDb, int RssiCentiDbm, ulong FrequencyHz, ulong ReceivedMs,
    Hash256 Payload, ulong WorkedMs);

/// <summary>A beacon and all that was reported of it while its window was open.</summary>
/// <param name="Beacon">The beacon.</param>
/// <param name="Witnesses">The reports, at most <see cref="WitnessesMax"/>, in any order.</param>
/// <param name="Draw">Entropy from after the window: it draws the witnesses that count.</param>
public sealed record WirelessGroup(WirelessBeacon Beacon, ImmutableArray<WirelessWitness> Witnesses, Hash256 Draw)
{
    /// <summary>Reports of one beacon; the frame takes no more.</summary>
    public const int WitnessesMax = 64;
}
