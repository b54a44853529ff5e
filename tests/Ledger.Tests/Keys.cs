using AppChain.Crypto;

namespace AppChain.Tests.Ledger;

/// <summary>The people and devices of the tests.</summary>
internal static class Keys
{
    public static PrivateKey Alice { get; } = Of("alice");

    public static PrivateKey Bob { get; } = Of("bob");

    /// <summary>Has no account in the test genesis.</summary>
    public static PrivateKey Carol { get; } = Of("carol");

    public static PrivateKey Sensor { get; } = Of("sensor");

    public static PrivateKey OtherSensor { get; } = Of("other sensor");

    /// <summary>A secure element.</summary>
    public static PrivateKey P256Sensor { get; } = PrivateKey.FromSeed(KeyScheme.P256, "secure element");

    /// <summary>Accepted by both test services.</summary>
    public static PrivateKey Maker { get; } = Of("maker");

    /// <summary>Registered, accepted by service 2 only; signs with P-256.</summary>
    public static PrivateKey P256Maker { get; } = PrivateKey.FromSeed(KeyScheme.P256, "secure maker");

    /// <summary>Not registered.</summary>
    public static PrivateKey UnknownMaker { get; } = Of("unknown maker");

    public static PrivateKey Of(string name) => PrivateKey.FromSeed(KeyScheme.Secp256k1, "ledger-tests/" + name);
}
