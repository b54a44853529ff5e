using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Did;

namespace Node.Tests;

/// <summary>Devices' decentralised identifiers: their text, their documents, and both ways to resolve them.</summary>
public sealed class DidTests
{
    private static readonly ChainId Chain = ChainId.Parse("test-1");
    private static readonly PrivateKey Owner = PrivateKey.FromSeed(KeyScheme.Secp256k1, "did/owner");

    [Theory]
    // The keys and texts of the Multikey examples in W3C's Controlled Identifiers 1.0, and of did:key for secp256k1.
    [InlineData(KeyScheme.P256, "zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv")]
    [InlineData(KeyScheme.Secp256k1, "zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme")]
    public void Multikey_OfAPublishedKey_IsThePublishedText(KeyScheme scheme, string text)
    {
        byte[] bytes = DecodeBase58(text[1..]);
        int prefix = scheme == KeyScheme.P256 ? 2 : 3; // the second begins with 02 or 03 after its code: x only is what we have
        Assert.Equal(scheme.PublicKeySize(), bytes.Length - prefix);
        byte[] expected = scheme == KeyScheme.P256 ? bytes : [.. bytes[..2], 2, .. bytes[3..]];
        Assert.Equal(expected, DecodeBase58(DidDocument.Multikey(scheme, bytes.AsSpan(prefix))[1..]));
    }

    [Theory]
    [InlineData("did:appchain:test-1")]
    [InlineData("did:appchain:test-1:")]
    [InlineData("did:appchain:Test 1:dev1")]
    [InlineData("did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv")]
    [InlineData("")]
    [InlineData(null)]
    public void Parse_WhatIsNoDevicesIdentifier_Fails(string? text) => Assert.False(ChainDid.TryParse(text, out _));

    [Fact]
    public void Parse_AValidatorOrHex_Fails()
    {
        Assert.False(ChainDid.TryParse(new ChainDid(Chain, Owner.Address, AddressKind.Validator).ToString(), out _));
        Assert.False(ChainDid.TryParse($"did:appchain:test-1:{Owner.Address}", out _));
    }

    [Theory]
    [InlineData(KeyScheme.Secp256k1)]
    [InlineData(KeyScheme.P256)]
    public void Document_OfADevice_HasItsKeyControllerAndServices(KeyScheme scheme)
    {
        PrivateKey key = PrivateKey.FromSeed(scheme, "did/device");
        ChainDid did = new(Chain, key.Address);
        Assert.True(ChainDid.TryParse(did.ToString(), out ChainDid read));
        Assert.Equal(did, read);

        using JsonDocument document = JsonDocument.Parse(DidDocument.Write(did, View(key, revoked: false), [(7, "https://air.example/")]));
        JsonElement root = document.RootElement;

        Assert.Equal(["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"], Texts(root.GetProperty("@context")));
        Assert.Equal(did.ToString(), root.GetProperty("id").GetString());
        Assert.Equal(new ChainDid(Chain, Owner.Address, AddressKind.Account).ToString(), root.GetProperty("controller").GetString());
        JsonElement method = Assert.Single(root.GetProperty("verificationMethod").EnumerateArray());
        Assert.Equal(("Multikey", did.ToString()), (method.GetProperty("type").GetString(), method.GetProperty("controller").GetString()));
        Assert.Equal(DidDocument.Multikey(scheme, key.PublicKey.Span), method.GetProperty("publicKeyMultibase").GetString());
        string id = method.GetProperty("id").GetString()!;
        Assert.StartsWith($"{did}#", id);
        Assert.Equal([id], Texts(root.GetProperty("authentication")));
        Assert.Equal([id], Texts(root.GetProperty("assertionMethod")));
        JsonElement service = Assert.Single(root.GetProperty("service").EnumerateArray());
        Assert.Equal(($"{did}#service-7", "AppChainService", "https://air.example/"),
            (service.GetProperty("id").GetString(), service.GetProperty("type").GetString(), service.GetProperty("serviceEndpoint").GetString()));
    }

    [Fact]
    public void Document_OfARevokedDevice_HasNoKey()
    {
        PrivateKey key = PrivateKey.FromSeed(KeyScheme.P256, "did/device");
        using JsonDocument document = JsonDocument.Parse(DidDocument.Write(new ChainDid(Chain, key.Address), View(key, revoked: true), []));
        Assert.Equal(["@context", "id"], document.RootElement.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task Resolve_OverGrpcAndHttp_AnswersTheSame()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        await using NodeClient client = network.Connect(0);
        using PrivateKey owner = PrivateKey.Generate(KeyScheme.Secp256k1);
        using PrivateKey maker = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/manufacturer/0");
        using PrivateKey device = PrivateKey.Generate(KeyScheme.P256);
        using Wallet wallet = new(client, network.Genesis.ChainId, owner);
        Attestation word = Attestation.Make(maker, 1, device.Scheme, device.PublicKey.Span);
        SubmitResult registered = await wallet.RegisterDeviceAsync(device, service: 1, word, new DevicePlace(0, 0), cancel);
        Assert.True(registered.Succeeded, registered.Explanation);
        string did = new ChainDid(network.Genesis.ChainId, device.Address).ToString();
        string unknown = new ChainDid(network.Genesis.ChainId, owner.Address).ToString();
        string elsewhere = new ChainDid(ChainId.Parse("elsewhere"), device.Address).ToString();

        byte[] overGrpc = (await client.ResolveDidAsync(did, cancel))!.Document.ToByteArray();
        using HttpClient http = new() { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using HttpResponseMessage answer = await http.GetAsync($"http://{network.Addresses[0]}/did/{did}", cancel);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/did+ld+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(overGrpc, await answer.Content.ReadAsByteArrayAsync(cancel));
        Assert.Null(await client.ResolveDidAsync(unknown, cancel));
        using JsonDocument document = JsonDocument.Parse(overGrpc);
        string controller = document.RootElement.GetProperty("controller").GetString()!;
        using JsonDocument ofController = JsonDocument.Parse((await client.ResolveDidAsync(controller, cancel))!.Document.Memory);
        Assert.Equal(controller, ofController.RootElement.GetProperty("id").GetString());
        Assert.Equal(HttpStatusCode.OK, await StatusOf(controller));
        Assert.Equal(HttpStatusCode.NotFound, await StatusOf(unknown));
        Assert.Equal(HttpStatusCode.NotFound, await StatusOf(elsewhere));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusOf("did:appchain:nothing"));

        using PrivateKey rich = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/owner/0");
        SubmitResult revoked = await RevokeAsync(client, network.Genesis.ChainId, maker, rich, device.Address, cancel);
        Assert.True(revoked.Succeeded, revoked.Explanation);
        Assert.Equal(HttpStatusCode.Gone, await StatusOf(did));
        Assert.True((await client.ResolveDidAsync(did, cancel))!.Deactivated);

        async Task<HttpStatusCode> StatusOf(string text)
        {
            using HttpResponseMessage response = await http.GetAsync($"http://{network.Addresses[0]}/did/{text}", cancel);
            return response.StatusCode;
        }
    }

    // The manufacturer of the repository's genesis has no credits: somebody else pays the fee.
    private static Task<SubmitResult> RevokeAsync(
        NodeClient client, ChainId chain, PrivateKey maker, PrivateKey payer, Address device, CancellationToken cancel)
    {
        ulong validUntil = (ulong)DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeMilliseconds();
        Body body = new(maker.Address, 1, validUntil, new RevokeDevices(maker.Address, device, 0), payer.Address);
        return client.SubmitAndWaitAsync(SignedTransaction.Create(chain, body, maker, payer), cancel);
    }

    private static DeviceView View(PrivateKey key, bool revoked)
    {
        DeviceRecord device = new() { Owner = Owner.Address, Manufacturer = null, Scheme = key.Scheme, PublicKey = key.PublicKey.ToArray() };
        return new DeviceView(key.Address, device, revoked, ImmutableArray<Amount>.Empty, []) { Batches = [] };
    }

    private static string[] Texts(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetString()!)];

    // The other way round, by hand: what is encoded is compared with what others publish.
    private static byte[] DecodeBase58(string text)
    {
        System.Numerics.BigInteger number = 0;
        foreach (char c in text)
            number = (number * 58) + "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".IndexOf(c);
        return number.ToByteArray(isUnsigned: true, isBigEndian: true);
    }
}
