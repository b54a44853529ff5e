using System.Globalization;
using AppChain.Crypto;

namespace AppChain.Devnet.Chain;

/// <summary>The devnet's keys. All of them come from public texts: worth nothing anywhere else, and the same on every machine.</summary>
internal static class DevnetKeys
{
    public static PrivateKey Validator(int index) =>
        PrivateKey.FromSeed(KeyScheme.Secp256k1, string.Create(CultureInfo.InvariantCulture, $"appchain-devnet/validator/{index}"));

    public static PrivateKey Manufacturer() => PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/manufacturer/0");

    public static PrivateKey Owner() => PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/owner/0");

    /// <param name="sensor">The sensor's id; a copy of a sensor has a suffix.</param>
    public static PrivateKey Device(KeyScheme scheme, string sensor) => PrivateKey.FromSeed(scheme, "appchain-devnet/device/" + sensor);
}
