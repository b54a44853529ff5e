using AppChain.Crypto;
using AppChain.Ledger;
using Google.Protobuf;
using Pb = AppChain.Protos.V1;

namespace AppChain.Tests.Ledger.Proofs.Rules;

/// <summary>What candidates and batches add to the wire is what a standard protobuf library reads and writes.</summary>
public class RulesParityTests
{
    private static readonly Hash256 Some = Hashing.Sha256([1]);

    [Fact]
    public void Messages_ReadByProtobuf_AreWrittenAlike()
    {
        ServiceDefinition definition = IdentityWorld.Definition(Keys.Maker);
        Message[] messages =
        [
            new SubmitProofBatch(7, Some, 1_000, 5, 6),
            new OpenProofs(7, new OpenedLeaf(new byte[] { 1, 2 }, [Some, Some]), new OpenedLeaf(new byte[] { 3 }, [])),
            new Propose("A candidate", new SetCandidateRules(7, definition, 3)),
            new Propose("None", new SetCandidateRules(7, null, 0)),
            new MintRewards(4, new Amount(5), new PoolMint(1, new PoolShares(new Amount(6), 7, default, default)) { ShadowUnits = 8 }),
        ];
        foreach (Message message in messages)
        {
            byte[] ours = new Body(message is MintRewards ? default : Keys.Alice.Address, 1, 2, message).Encode();

            Assert.Equal(ours, Pb.Body.Parser.ParseFrom(ours).ToByteArray());
            Assert.Equal(Reason.None, Body.TryDecode(ours, out Body? decoded));
            Assert.Equal(ours, decoded!.Encode());
        }
        Assert.Equal(1_000u, Pb.Body.Parser.ParseFrom(new Body(Keys.Alice.Address, 1, 2, messages[0]).Encode()).SubmitProofBatch.Count);
        Assert.Equal(2, Pb.Body.Parser.ParseFrom(new Body(Keys.Alice.Address, 1, 2, messages[1]).Encode()).OpenProofs.Leaves[0].Path.Count);
    }

    [Fact]
    public void Receipt_WithWhatACandidateSays_IsReadAndWrittenAlike()
    {
        Statement statement = new(Keys.Sensor.Address, 7, new EpochWork(3, 2, 1, 5, Some)) { Shadow = new EpochWork(3, 1, 2, 4, Hashing.Sha256([2])) };
        Receipt receipt = new(Some, Reason.None, new Verdict(Reason.None, 5, 3, 7)) { Statements = [statement], Shadow = new Verdict(Reason.OutOfBounds, 0, 3, 7) };
        byte[] ours = receipt.Encode();

        Pb.Receipt theirs = Pb.Receipt.Parser.ParseFrom(ours);

        Assert.Equal(ours, theirs.ToByteArray());
        Assert.Equal(((uint)Reason.OutOfBounds, 4UL), (theirs.Shadow.Reason, theirs.Statements[0].Shadow.Units));
        Assert.Equal(Reason.None, Receipt.TryDecode(ours, out Receipt? decoded));
        Assert.Equal(receipt, decoded);
    }
}
