using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// A transaction changed the record of this account or device, or spent credits of this account's channel on this device. For whoever lists transactions by what they touch; no root covers it.
/// </summary>
/// <param name="Kind"><see cref="StateKind.Account"/> or <see cref="StateKind.Device"/>.</param>
/// <param name="Address">Which one.</param>
public readonly record struct Touch(StateKind Kind, Address Address);

/// <summary>A device came, or changed its owner, its place or its services. For whoever lists devices by these.</summary>
/// <param name="Device">Its address.</param>
/// <param name="Before">As it was; null: it is new.</param>
/// <param name="After">As it is now.</param>
public sealed record DeviceMove(Address Device, DeviceRecord? Before, DeviceRecord After);
