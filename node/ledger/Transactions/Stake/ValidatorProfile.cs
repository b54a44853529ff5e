using System;
using System.Text;

namespace AppChain.Ledger;

/// <summary>What an operator says of its validator.</summary>
/// <param name="Moniker">Its name for people.</param>
/// <param name="NetworkAddress">HOST:PORT of its peer service, where the other validators dial it; empty: they have it in their configuration.</param>
/// <param name="CommissionPpm">The operator's part of its delegators' rewards, in parts per million.</param>
public sealed record ValidatorProfile(string Moniker, string NetworkAddress, uint CommissionPpm)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Nothing said.</summary>
    public static ValidatorProfile Empty { get; } = new("", "", 0);

    internal void Write(WireWriter writer, int firstField)
    {
        writer.Bytes(firstField, Encoding.UTF8.GetBytes(Moniker));
        writer.Bytes(firstField + 1, Encoding.UTF8.GetBytes(NetworkAddress));
        writer.UInt64(firstField + 2, CommissionPpm);
    }

    internal static ValidatorProfile Read(ref WireReader reader, int firstField) =>
        new(ReadText(ref reader, firstField), ReadText(ref reader, firstField + 1), reader.UInt32(firstField + 2));

    internal Reason Check()
    {
        if (Encoding.UTF8.GetByteCount(Moniker) > LedgerLimits.NameBytesMax)
            return Reason.MonikerTooLong;
        if (NetworkAddress.Length > 0 && !IsAddress(NetworkAddress))
            return Reason.BadNetworkAddress;
        return CommissionPpm <= Parameters.Million ? Reason.None : Reason.CommissionTooHigh;
    }

    // Form only: whether somebody answers there is not for the ledger to know.
    private static bool IsAddress(string text)
    {
        int colon = text.LastIndexOf(':');
        return text.Length <= LedgerLimits.NetworkAddressBytesMax && colon > 0 && !text.AsSpan().ContainsAnyExceptInRange('!', '~')
            && ushort.TryParse(text.AsSpan(colon + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out ushort port)
            && port > 0;
    }

    private static string ReadText(ref WireReader reader, int field)
    {
        try
        {
            return StrictUtf8.GetString(reader.Bytes(field));
        }
        catch (DecoderFallbackException)
        {
            reader.Fail(Reason.Malformed); // a string of the schema is UTF-8
            return "";
        }
    }
}
