using System.Globalization;
using AppChain.Crypto;
using AppChain.Ledger;
using Google.Protobuf;

namespace AppChain.Node.Cli;

/// <summary>How commands print: rows of a name and a value for people, or the answer as JSON for programs.</summary>
internal static class Output
{
    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true).WithIndentation());

    /// <summary>Prints the rows, or the whole message as JSON (bytes in base64, as protobuf's JSON form has them).</summary>
    public static void Print(bool asJson, IMessage answer, params (string Name, string Value)[] rows)
    {
        if (asJson)
        {
            Console.WriteLine(Json.Format(answer));
            return;
        }
        Print(rows);
    }

    /// <summary>Prints the rows.</summary>
    public static void Print(params (string Name, string Value)[] rows)
    {
        foreach ((string name, string value) in rows)
            Console.WriteLine($"{name,-14} {value}");
    }

    public static string Hex(ByteString bytes) => Convert.ToHexStringLower(bytes.Span);

    public static string AddressOf(ByteString bytes, AddressKind kind) => bytes.Length == Address.Size ? AddressText.Format(new Address(bytes.Span), kind) : "–";

    public static string Tokens(ulong grains) => new Amount(grains) + " tokens";

    public static string Number(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Time(ulong unixMs) => DateTimeOffset.FromUnixTimeMilliseconds((long)unixMs).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
