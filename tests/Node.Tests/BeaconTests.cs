using AppChain.Client;
using AppChain.Crypto;
using AppChain.Protos.V1;

namespace Node.Tests;

/// <summary>The beacon as one who knows only docs/protocol.md and the genesis file checks it, on blocks of a real network.</summary>
public sealed class BeaconTests
{
    private const int Blocks = 12;

    private static readonly HashTag Input = new("AppChain/beacon-input");
    private static readonly HashTag Link = new("AppChain/beacon");

    [Fact]
    public async Task Headers_OfARealNetwork_ChainTheirLeadersDrawsAcrossEpochs()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync(EpochTests.Genesis());
        await network.MakeBlocksAsync(Blocks);
        await network.WaitForHeightAsync(1, Blocks);

        await using NodeClient client = network.Connect(1);
        Hash256 beacon = network.Genesis.Hash;
        HashSet<Hash256> seen = [beacon];
        for (ulong height = 1; height <= Blocks; height++)
        {
            BlockHeader header = (await client.GetBlockAsync(height, cancellation: TestContext.Current.CancellationToken)).Header;
            ReadOnlySpan<byte> key = network.Genesis.Validators[(int)header.Leader].PublicKey.Span;
            Assert.True(Ecvrf.TryVerify(key, Input.Hash(beacon.Bytes).Bytes, header.BeaconProof.Span, out Hash256 output));
            beacon = Link.Hash(beacon.Bytes, output.Bytes);
            Assert.Equal(beacon, new Hash256(header.Beacon.Span));
            Assert.True(seen.Add(beacon));
        }
    }
}
