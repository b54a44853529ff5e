using System.Runtime.Versioning;
using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Node.Signer;
using static Node.Tests.Signer.SignedVotesTests;

namespace Node.Tests.Signer;

[UnsupportedOSPlatform("windows")]
public sealed class SignerRecordTests : IDisposable
{
    private readonly SignerFile file = new();

    public void Dispose() => file.Dispose();

    [Fact]
    public void Save_ThenOpen_RemembersAllThatWasSaved()
    {
        file.Sign(Notarized(1, 'a'), Finalized(1, 'a'), Nullified(2));
        using SignerRecord record = file.Open();
        Assert.Equal([Notarized(1, 'a'), Finalized(1, 'a'), Nullified(2)], record.Votes.Bodies);
        Assert.False(record.WasTorn);
        Assert.Equal(2 * SignerSlot.Size, new FileInfo(file.Path).Length);
    }

    [Fact]
    public void Open_CutAtAnyByte_UsesTheWholeSlotOrRefuses()
    {
        file.Sign(Notarized(1, 'a'), Nullified(2), Notarized(3, 'b'));
        byte[] whole = file.Bytes;
        ulong[] bySlot = [.. new[] { 0, SignerSlot.Size }.Select(offset => SignerSlot.TryDecode(whole.AsSpan(offset, SignerSlot.Size))!.Votes.Highest.Value)];
        Assert.Equal([2UL, 3UL], bySlot.Order().ToArray());
        for (int length = 0; length < whole.Length; length += length is > 100 and < 4_000 or > 4_200 and < 8_100 ? 61 : 1)
        {
            file.Bytes = whole[..length];
            if (length < SignerSlot.Size)
            {
                Assert.Contains("signer reset", Assert.Throws<SignerRecordException>(() => file.Open().Dispose()).Message, StringComparison.Ordinal);
                continue;
            }
            using SignerRecord record = file.Open();
            Assert.True(record.WasTorn);
            Assert.Equal(bySlot[0], record.Votes.Highest.Value);
        }
    }

    [Fact]
    public void Open_AWriteTornAtAnyByte_IsWhatWasBeforeOrAfterIt()
    {
        file.Sign(Notarized(1, 'a'), Nullified(2));
        byte[] before = file.Bytes;
        file.Sign(Notarized(3, 'b'));
        byte[] after = file.Bytes;
        int start = before.AsSpan(0, SignerSlot.Size).SequenceEqual(after.AsSpan(0, SignerSlot.Size)) ? SignerSlot.Size : 0;
        int torn = 0;
        for (int written = 0; written <= SignerSlot.Size; written++)
        {
            byte[] bytes = [.. before];
            after.AsSpan(start, written).CopyTo(bytes.AsSpan(start));
            file.Bytes = bytes;
            using (SignerRecord record = file.Open())
            {
                Assert.Equal(written == SignerSlot.Size ? 3UL : 2UL, record.Votes.Highest.Value);
                torn += record.WasTorn ? 1 : 0;
            }
            if (written % 512 != 40)
                continue;
            // The next turn writes over the torn slot, and leaves the whole one alone.
            file.Sign(Nullified(4));
            Assert.NotNull(SignerSlot.TryDecode(file.Bytes.AsSpan(0, SignerSlot.Size)));
            Assert.NotNull(SignerSlot.TryDecode(file.Bytes.AsSpan(SignerSlot.Size)));
            Assert.Equal(before[(SignerSlot.Size - start)..][..SignerSlot.Size], file.Bytes[(SignerSlot.Size - start)..][..SignerSlot.Size]);
        }
        Assert.True(torn > SignerSlot.Size / 4, $"only {torn} torn writes were noticed");
    }

    [Fact]
    public void Open_RandomDamage_IsNeverServed()
    {
        file.Sign([.. Enumerable.Range(1, 40).Select(view => view % 3 == 0 ? Nullified((ulong)view) : Notarized((ulong)view, 'a'))]);
        byte[] whole = file.Bytes;
        List<VoteBody>[] valid = [.. new[] { 0, SignerSlot.Size }.Select(offset => SignerSlot.TryDecode(whole.AsSpan(offset, SignerSlot.Size))!.Votes.Bodies.ToList())];
        Random random = new(11);
        int refused = 0;
        for (int round = 0; round < 400; round++)
        {
            byte[] damaged = [.. whole];
            HashSet<int> slots = [];
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                int position = random.Next(damaged.Length);
                damaged[position] ^= (byte)(1 << random.Next(8));
                slots.Add(position / SignerSlot.Size);
            }
            file.Bytes = damaged;
            if (damaged.SequenceEqual(whole))
                continue;
            if (slots.Count == 2)
            {
                Assert.Contains("neither of its two slots", Assert.Throws<SignerRecordException>(() => file.Open().Dispose()).Message, StringComparison.Ordinal);
                refused++;
                continue;
            }
            using SignerRecord record = file.Open();
            Assert.True(record.WasTorn);
            Assert.Equal(valid[1 - slots.Single()], record.Votes.Bodies);
        }
        Assert.True(refused > 20, $"only {refused} were damaged in both slots");
    }

    [Fact]
    public void Open_OfAnotherKeyOrChain_IsRefused()
    {
        file.Sign(Nullified(1));
        SignerIdentity otherKey = SignerFile.Identity with { PublicKey = Hashing.Sha256("other"u8) };
        Assert.Contains("another key", Assert.Throws<SignerRecordException>(() => SignerRecord.Open(file.Path, otherKey)).Message, StringComparison.Ordinal);
        SignerIdentity otherChain = SignerFile.Identity with { GenesisHash = Hashing.Sha256("other"u8) };
        Assert.Contains("another chain", Assert.Throws<SignerRecordException>(() => SignerRecord.Open(file.Path, otherChain)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_HeldByAnother_IsRefused()
    {
        using SignerRecord held = file.Create();
        Assert.Contains("stop one of them", Assert.Throws<SignerRecordException>(() => file.Open().Dispose()).Message, StringComparison.Ordinal);
        Assert.Throws<SignerRecordException>(() => SignerRecord.Replace(file.Path, SignerFile.Identity, new SignedVotes(default, View.Genesis)));
    }

    [Fact]
    public void Open_ReadableByOthers_IsRefused()
    {
        file.Sign(Nullified(1));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.Path));
        File.SetUnixFileMode(file.Path, File.GetUnixFileMode(file.Path) | UnixFileMode.GroupWrite);
        Assert.Contains("chmod 600", Assert.Throws<SignerRecordException>(() => file.Open().Dispose()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_OverAnExistingRecord_IsRefusedAndChangesNothing()
    {
        file.Sign(Nullified(1));
        byte[] before = file.Bytes;
        Assert.Throws<SignerRecordException>(() => file.Create().Dispose());
        Assert.Equal(before, file.Bytes);
    }

    [Fact]
    public void Replace_ADamagedRecord_StartsAboveTheViewAndKeepsTheOldFile()
    {
        file.Sign(Nullified(1));
        byte[] damaged = new byte[100];
        file.Bytes = damaged;
        using (SignerRecord replaced = SignerRecord.Replace(file.Path, SignerFile.Identity, new SignedVotes(default, new View(500))))
            Assert.Equal(new View(500), replaced.Votes.Floor);
        using SignerRecord record = file.Open();
        Assert.Equal(SigningVerdict.Forgotten, record.Votes.Judge(Nullified(500)));
        Assert.Equal(SigningVerdict.New, record.Votes.Judge(Nullified(501)));
        Assert.Equal(damaged, File.ReadAllBytes(file.Path + ".old"));
    }
}
