using System.Text;
using AppChain.Crypto;
using AppChain.Ledger;
using FsCheck;
using FsCheck.Fluent;

namespace AppChain.Tests.Ledger;

/// <summary>
/// No bytes make a decoder throw, and what it takes is the one form: encoded again it is the same bytes. Tried with any bytes, and with the golden
/// files' after a change here or there, which get further.
/// </summary>
public class AnyBytesTests
{
    private const int Mutations = 400;

    private static readonly ChainId Chain = ChainId.Parse("test-1");

    [Fact]
    public void Decoders_OfAnyBytes_RefuseOrRead() => Prop.ForAll<byte[]>(bytes =>
    {
        AssertTransactionsAndBlocks(bytes);
        foreach (StateLayout layout in StateLayout.All)
            AssertRecord(layout, bytes);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000).WithEndSize(300));

    [Fact]
    public void Decoders_OfChangedMessages_RefuseOrRead()
    {
        Random random = new(1);
        Signature signature = new(KeyScheme.Secp256k1, Keys.Alice.PublicKey, new byte[64]);
        int read = 0;
        foreach (byte[] body in Golden("Messages").Concat(Golden("BlockParts")))
        {
            byte[] transaction = Transaction.Encode(body, [signature]);
            for (int i = 0; i < Mutations; i++)
            {
                read += AssertTransactionsAndBlocks(Changed(body, random));
                read += AssertTransactionsAndBlocks(Changed(transaction, random));
            }
        }
        Assert.True(read > 1_000); // it did not fail at the first byte always
    }

    [Fact]
    public void Decoders_OfChangedRecords_SayThatTheStateIsDamagedOrRead()
    {
        Random random = new(2);
        int read = 0;
        foreach (string[] parts in Lines("StateRecords").Where(parts => parts.Length == 3))
        {
            (byte[] key, byte[] value) = (Convert.FromHexString(parts[1]), Convert.FromHexString(parts[2]));
            StateLayout layout = StateLayout.All.Single(one => (byte)one.Kind == key[0]);
            Assert.True(AssertRecord(layout, value));
            for (int i = 0; i < Mutations; i++)
                read += AssertRecord(layout, Changed(value, random)) ? 1 : 0;
        }
        Assert.True(read > 1_000);
    }

    [Fact]
    public void Genesis_OfChangedText_IsRefusedOrRead()
    {
        Random random = new(3);
        byte[] file = TestGenesis.Bytes(TestGenesis.Json());
        int read = 0;
        for (int i = 0; i < 3_000; i++)
        {
            bool taken = Genesis.TryParse(Changed(file, random), out Genesis? genesis, out string? error);
            Assert.Equal(taken, genesis is not null);
            Assert.Equal(taken, error is null);
            read += taken ? 1 : 0;
        }
        Assert.InRange(read, 1, 2_999);
        Prop.ForAll<string>(text => Assert.False(Genesis.TryParse(Encoding.UTF8.GetBytes(text ?? ""), out _, out _))).QuickCheckThrowOnFailure();
    }

    // How many of the decoders took it.
    private static int AssertTransactionsAndBlocks(byte[] bytes)
    {
        int read = 0;
        if (Transaction.TryDecode(bytes, Chain, out Transaction? transaction) == Reason.None)
            read += AssertSame(bytes, Transaction.Encode(transaction!.Body.Encode(), transaction.Signatures));
        else
            Assert.Null(transaction);
        if (Body.TryDecode(bytes, out Body? body) == Reason.None)
            read += AssertSame(bytes, body!.Encode());
        if (Batch.TryDecode(bytes, out Batch? batch) == Reason.None)
            read += AssertSame(bytes, batch!.Encode());
        if (BlockPayload.TryDecode(bytes, out BlockPayload? payload) == Reason.None)
            read += AssertSame(bytes, payload!.Encode());
        if (Receipt.TryDecode(bytes, out Receipt? receipt) == Reason.None)
            read += AssertSame(bytes, receipt!.Encode());
        if (Receipt.TryDecodeOutcome(default, bytes, out Receipt? outcome) == Reason.None)
            read += AssertSame(bytes, outcome!.EncodeOutcome());
        return read;
    }

    private static bool AssertRecord(StateLayout layout, byte[] bytes)
    {
        try
        {
            StateRecord record = layout.Decode(bytes);
            if (record is not ParametersRecord) // it has all parameters when it is read, also those that an earlier version did not write
                AssertSame(bytes, record.Encode());
            return true;
        }
        catch (LedgerInvariantException)
        {
            return false; // the one thing that it may throw
        }
    }

    private static int AssertSame(byte[] expected, byte[] actual)
    {
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(actual));
        return 1;
    }

    private static byte[] Changed(byte[] bytes, Random random)
    {
        List<byte> changed = [.. bytes];
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            int at = random.Next(changed.Count + 1);
            int count = random.Next(Math.Min(8, changed.Count - at) + 1);
            switch (random.Next(6))
            {
                case 0:
                    changed.RemoveRange(at, count);
                    break;
                case 1:
                    changed.InsertRange(at, changed.GetRange(at, count));
                    break;
                case 2:
                    changed.Insert(at, (byte)random.Next(256));
                    break;
                case 3 when random.Next(4) == 0:
                    changed.RemoveRange(at, changed.Count - at);
                    break;
                case 4 when at < changed.Count:
                    changed[at] = random.Next(2) == 0 ? (byte)0xFF : (byte)0;
                    break;
                case 5 when at < changed.Count:
                    changed[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }
        return [.. changed];
    }

    // The lines of a golden file that are a name and an encoding; ids and hashes are no encodings, and do no harm.
    private static IEnumerable<byte[]> Golden(string name) =>
        Lines(name).Where(parts => !parts[^1].Contains(':', StringComparison.Ordinal)).Select(parts => Convert.FromHexString(parts[^1]));

    private static IEnumerable<string[]> Lines(string name) =>
        File.ReadLines(RepositoryFiles.Path("tests", "Ledger.Tests", "Golden", $"{name}.verified.txt"))
            .Where(line => line.Length > 0)
            .Select(line => line.Split(' '));
}
