using System.CommandLine;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Cli;
using Pb = AppChain.Protos.V1;

namespace Node.Tests;

/// <summary>Commands about devices, manufacturers and services: how they read what is typed, and one life of a device through a network.</summary>
public sealed class CommandTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>, IDisposable
{
    private const string Address = "000102030405060708090a0b0c0d0e0f10111213";

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("appchain-command-tests-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Delete(recursive: true);

    [Theory]
    [InlineData("enroll --key k --device {0} --service 2")]
    [InlineData("withdraw --key k --device {0} --service 2")]
    [InlineData("assert-location --key k --device {0} --latitude 57.1 --longitude -2.2")]
    [InlineData("transfer-device --key k --device {0} --buyer-key b --tokens 1.5")]
    [InlineData("rotate-key --key k --device {0} --new-key n")]
    [InlineData("set-payout --key k --device {0} --payee {0}=1000000")]
    [InlineData("revoke --key k --manufacturer {0} --batch 7")]
    [InlineData("update-manufacturer --key k --manufacturer {0} --admin {0} --root p256:02")]
    [InlineData("create-service --key k --definition f.json")]
    [InlineData("update-service --key k --service 2 --sponsor-quota 5")]
    public void Tx_OfTheDocumentedForm_IsUnderstood(string line) =>
        Assert.Empty(TxCommand.Create().Parse(string.Format(System.Globalization.CultureInfo.InvariantCulture, line, Address)).Errors);

    [Theory]
    [InlineData("enroll --key k --device nobody --service 2", "is not an address")]
    [InlineData("assert-location --key k --device {0} --latitude 91 --longitude 0", "--latitude is 91")]
    [InlineData("set-payout --key k --device {0} --payee {0}", "expected ACCOUNT=PPM")]
    [InlineData("revoke --key k --manufacturer {0}", "either --device or --batch")]
    [InlineData("revoke --key k --manufacturer {0} --device {0} --batch 1", "either --device or --batch")]
    [InlineData("update-manufacturer --key k --manufacturer {0} --admin {0} --root p256:02", "expected secp256k1:PUBLICKEY")]
    public async Task Tx_WithWrongContent_IsRefusedBeforeAnyNodeIsAsked(string line, string expected)
    {
        string text = string.Format(System.Globalization.CultureInfo.InvariantCulture, line, Address);
        CommandException refused = await Assert.ThrowsAsync<CommandException>(() => Invoke(TxCommand.Create(), text.Split(' ')));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ServiceDefinition_OfAMisspeltFile_NamesThePlace()
    {
        FileInfo file = new(Path.Combine(directory.FullName, "service.json"));
        File.WriteAllText(file.FullName, """{ "name": "noise", "kind": "sensors" }""");

        CommandException refused = Assert.Throws<CommandException>(() => CommonOptions.ReadDefinition(file));

        Assert.Contains("kind: expected", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Device_CreatedServiceEnrolledMovedAndSold_IsSeenByQueries()
    {
        using PrivateKey device = PrivateKey.Generate(KeyScheme.P256);
        using PrivateKey buyer = PrivateKey.Generate(KeyScheme.Secp256k1);
        string ownerFile = Saved("owner.key", fixture.Owner), buyerFile = Saved("buyer.key", buyer);
        await using NodeClient client = fixture.Network.Connect(0);
        using Wallet owner = new(client, fixture.Network.Genesis.ChainId, fixture.Owner);
        using PrivateKey maker = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/manufacturer/0");
        Attestation word = Attestation.Make(maker, 1, device.Scheme, device.PublicKey.Span);
        Assert.True((await owner.RegisterDeviceAsync(device, 1, word, new DevicePlace(0, 0), Cancellation)).Succeeded);
        string definition = Path.Combine(directory.FullName, "service.json");
        await File.WriteAllTextAsync(definition, """
            { "name": "noise", "kind": "sensor-telemetry", "intervalMinMs": 10, "maxAgeMs": 60000, "driftMs": 1000, "constancyMax": 10,
              "attestationRequired": false, "manufacturers": [],
              "metrics": [{ "id": 1, "name": "level", "unit": "dB", "minimum": 0, "maximum": 150000, "jumpBase": 150000, "jumpPerMinute": 0 }] }
            """, Cancellation);

        Assert.Equal(0, await Tx("create-service", "--key", ownerFile, "--definition", definition));
        Assert.Equal(0, await Tx("enroll", "--key", ownerFile, "--device", $"{device.Address}", "--service", "2"));
        Assert.Equal(0, await Tx("assert-location", "--key", ownerFile, "--device", $"{device.Address}", "--latitude", "57.5", "--longitude", "-2"));
        Assert.Equal(0, await Tx("transfer-device", "--key", ownerFile, "--device", $"{device.Address}", "--buyer-key", buyerFile));
        Assert.NotEqual(0, await Tx("withdraw", "--key", ownerFile, "--device", $"{device.Address}", "--service", "2")); // he sold it

        Pb.Device sold = (await client.FindDeviceAsync(device.Address, Cancellation))!;
        Assert.Equal(buyer.Address, new AppChain.Crypto.Address(sold.Owner.Span));
        Assert.Equal((575_000_000, -20_000_000), (sold.LatitudeE7, sold.LongitudeE7));
    }

    [Fact]
    public async Task Device_OfferedInAFile_IsTheBuyersOnceHeAccepts()
    {
        using PrivateKey device = PrivateKey.Generate(KeyScheme.Secp256k1);
        using PrivateKey buyer = PrivateKey.Generate(KeyScheme.P256);
        string ownerFile = Saved("owner.key", fixture.Owner), buyerFile = Saved("buyer.key", buyer), offer = Path.Combine(directory.FullName, "offer");
        await using NodeClient client = fixture.Network.Connect(0);
        using Wallet owner = new(client, fixture.Network.Genesis.ChainId, fixture.Owner);
        using PrivateKey maker = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/manufacturer/0");
        Attestation word = Attestation.Make(maker, 1, device.Scheme, device.PublicKey.Span);
        Assert.True((await owner.RegisterDeviceAsync(device, 1, word, new DevicePlace(0, 0), Cancellation)).Succeeded);
        Assert.True((await owner.TransferAsync(buyer.Address, Amount.FromTokens(5), Cancellation)).Succeeded);

        Assert.Equal(0, await Tx(
            "offer-device", "--key", ownerFile, "--device", $"{device.Address}", "--buyer", $"{buyer.Address}", "--tokens", "2", "--out", offer));
        Assert.Equal(fixture.Owner.Address, new AppChain.Crypto.Address((await client.FindDeviceAsync(device.Address, Cancellation))!.Owner.Span));
        CommandException dearer = await Assert.ThrowsAsync<CommandException>(() => Tx("accept-device", "--key", buyerFile, "--offer", offer, "--tokens", "1"));
        Assert.Contains("the offer asks for", dearer.Message, StringComparison.Ordinal);
        CommandException stranger = await Assert.ThrowsAsync<CommandException>(() => Tx("accept-device", "--key", ownerFile, "--offer", offer, "--tokens", "2"));
        Assert.Contains("another buyer", stranger.Message, StringComparison.Ordinal);
        Assert.Equal(0, await Tx("accept-device", "--key", buyerFile, "--offer", offer, "--tokens", "2"));

        Assert.Equal(buyer.Address, new AppChain.Crypto.Address((await client.FindDeviceAsync(device.Address, Cancellation))!.Owner.Span));
        Assert.Equal(3UL * Amount.GrainsPerToken, (await client.GetAccountAsync(buyer.Address, Cancellation)).Balance);
    }

    [Theory]
    [InlineData("")]
    [InlineData("test-1")]
    [InlineData("test-1:zz")]
    [InlineData("test-1:0a00")]
    [InlineData("Test 1:")]
    public void Offer_OfOtherText_IsNone(string text) => Assert.False(TransferOffer.TryParse(text, out _));

    private Task<int> Tx(params string[] arguments) => Invoke(TxCommand.Create(), [.. arguments, "--node", fixture.Network.Addresses[0]]);

    private static Task<int> Invoke(Command command, string[] arguments) =>
        command.Parse(arguments).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }, Cancellation);

    private string Saved(string name, PrivateKey key)
    {
        string path = Path.Combine(directory.FullName, name);
        KeyFile.Save(path, key);
        return path;
    }
}
