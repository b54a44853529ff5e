using System.Buffers;
using System.Text.Json;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Did;

/// <summary>
/// A device as a W3C DID document in JSON-LD (Decentralized Identifiers 1.0): its present key as a Multikey, its owner as the controller, and
/// where the services that it works for are found. A revoked device's has nothing but the identifier, nor has an account's.
/// </summary>
public static class DidDocument
{
    /// <summary>What it is served as over HTTP.</summary>
    public const string MediaType = "application/did+ld+json";

    private const string CoreContext = "https://www.w3.org/ns/did/v1";
    private const string MultikeyContext = "https://w3id.org/security/multikey/v1";

    /// <summary>The document's bytes.</summary>
    /// <param name="device">The device and whether it is revoked.</param>
    /// <param name="endpoints">The services that it works for and that say where they are found.</param>
    public static byte[] Write(ChainDid did, DeviceView device, IEnumerable<(uint Service, string Endpoint)> endpoints)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            WriteStrings(json, "@context", CoreContext, MultikeyContext);
            json.WriteString("id", did.ToString());
            if (!device.Revoked)
                WriteLiving(json, did, device.Device, endpoints);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// The document of an account: its identifier alone, for the chain knows an account's address and not its key, which any transaction shows.
    /// </summary>
    public static byte[] WriteAccount(ChainDid did)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            WriteStrings(json, "@context", CoreContext);
            json.WriteString("id", did.ToString());
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A public key as a Multikey: multibase base58btc of its multicodec and the compressed point.</summary>
    public static string Multikey(KeyScheme scheme, ReadOnlySpan<byte> publicKey) => scheme == KeyScheme.P256
        ? "z" + Base58.Encode([0x80, 0x24, .. publicKey]) // p256-pub
        : "z" + Base58.Encode([0xE7, 0x01, 0x02, .. publicKey]); // secp256k1-pub: BIP-340 knows x only, and means the point whose y is even

    private static void WriteLiving(Utf8JsonWriter json, ChainDid did, DeviceRecord device, IEnumerable<(uint Service, string Endpoint)> endpoints)
    {
        string key = $"{did}#key";
        json.WriteString("controller", new ChainDid(did.Chain, device.Owner, AddressKind.Account).ToString());
        json.WriteStartArray("verificationMethod");
        json.WriteStartObject();
        json.WriteString("id", key);
        json.WriteString("type", "Multikey");
        json.WriteString("controller", did.ToString());
        json.WriteString("publicKeyMultibase", Multikey(device.Scheme, device.PublicKey.Span));
        json.WriteEndObject();
        json.WriteEndArray();
        WriteStrings(json, "authentication", key);
        WriteStrings(json, "assertionMethod", key);

        json.WriteStartArray("service");
        foreach ((uint service, string endpoint) in endpoints)
        {
            json.WriteStartObject();
            json.WriteString("id", $"{did}#service-{service}");
            json.WriteString("type", "AppChainService");
            json.WriteString("serviceEndpoint", endpoint);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, params ReadOnlySpan<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
