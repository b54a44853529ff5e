using AppChain.Crypto;

namespace AppChain.Storage.Tests;

public sealed class StateProofTests
{
    private const int Keys = 200;
    private static readonly StateTree Tree = StateTreeTests.Tree(Keys);

    [Fact]
    public void TryDecode_AnyOneBitFlipped_IsNeverAcceptedForTheSameClaim()
    {
        int tried = 0;
        for (int i = Keys - 8; i < Keys + 24; i++)
        {
            byte[] encoded = Tree.Prove(StateTreeTests.KeyHash(i)).Encode();
            for (int bit = 0; bit < encoded.Length * 8; bit++, tried++)
            {
                byte[] mutated = [.. encoded];
                mutated[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.False(IsAccepted(mutated, i), $"key {i}, bit {bit}");
            }
        }
        Assert.True(tried > 10_000);
    }

    [Fact]
    public void TryDecode_CutOrExtended_IsRejected()
    {
        for (int i = Keys - 4; i < Keys + 12; i++)
        {
            byte[] encoded = Tree.Prove(StateTreeTests.KeyHash(i)).Encode();
            Assert.True(StateProof.TryDecode(encoded, out _));
            for (int length = 0; length < encoded.Length; length++)
                Assert.False(StateProof.TryDecode(encoded.AsSpan(0, length), out _));
            Assert.False(StateProof.TryDecode([.. encoded, 0], out _));
            Assert.False(StateProof.TryDecode([.. encoded, .. new byte[32]], out _));
            Assert.False(StateProof.TryDecode([.. encoded, .. new byte[64]], out _));
        }
    }

    [Fact]
    public void TryDecode_DepthBeyond256_IsRejected()
    {
        Assert.True(StateProof.TryDecode([1, 1, 0, .. new byte[256 * 32]], out _));
        Assert.False(StateProof.TryDecode([1, 1, 1, .. new byte[257 * 32]], out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(255)]
    public void TryDecode_UnknownKind_IsRejected(byte kind) => Assert.False(StateProof.TryDecode([kind, 0, 0], out _));

    [Fact]
    public void VerifyAbsent_WithTheLeafOfAPresentKeyAsTheOther_IsRejected()
    {
        // The path of key 5 ends in its own leaf: shown as "another leaf" it would hide the key.
        Assert.True(StateProof.TryDecode(Tree.Prove(StateTreeTests.KeyHash(5)).Encode(), out StateProof? present));
        byte[] encoded = present.Encode();
        byte[] forged = [3, .. encoded[1..], .. StateTreeTests.KeyHash(5).Bytes, .. Hashing.Sha256(StateTreeTests.Value(5)).Bytes];
        Assert.True(StateProof.TryDecode(forged, out StateProof? proof));
        Assert.False(proof.VerifyAbsent(Tree.Root, StateTreeTests.Key(5)));
    }

    [Fact]
    public void VerifyAbsent_WithALeafFromElsewhere_IsRejected()
    {
        // A true path of another key, whose leaf does not stand in the way of the key that is claimed absent.
        int rejected = 0;
        for (int other = 0; other < Keys; other++)
        {
            byte[] encoded = Tree.Prove(StateTreeTests.KeyHash(other)).Encode();
            byte[] leaf = [.. StateTreeTests.KeyHash(other).Bytes, .. Hashing.Sha256(StateTreeTests.Value(other)).Bytes];
            byte[] forged = [3, .. encoded[1..], .. leaf];
            Assert.True(StateProof.TryDecode(forged, out StateProof? proof));
            for (int key = 0; key < Keys; key += 7, rejected++)
                Assert.False(proof.VerifyAbsent(Tree.Root, StateTreeTests.Key(key)));
        }
        Assert.True(rejected > 5_000);
    }

    [Fact]
    public void VerifyPresent_OfAnInnerNodePassedOffAsALeaf_IsRejected()
    {
        // Cutting a proof one step short makes the verifier compare a node with a leaf: their domains differ.
        byte[] encoded = Tree.Prove(StateTreeTests.KeyHash(5)).Encode();
        byte[] shorter = encoded[..^32];
        shorter[2]--;
        Assert.True(StateProof.TryDecode(shorter, out StateProof? proof));
        Assert.False(proof.VerifyPresent(Tree.Root, StateTreeTests.Key(5), StateTreeTests.Value(5)));
    }

    [Fact]
    public void Verify_AHundredThousandMutatedProofs_AreRejected()
    {
        const int Mutants = 100_000;
        byte[][] proofs = [.. Enumerable.Range(0, Keys * 2).Select(static key => Tree.Prove(StateTreeTests.KeyHash(key)).Encode())];
        Random random = new(7);
        for (int tried = 0; tried < Mutants;)
        {
            int key = random.Next(proofs.Length);
            byte[] mutant = Mutate(proofs[key], proofs[random.Next(proofs.Length)], random);
            if (mutant.AsSpan().SequenceEqual(proofs[key]))
                continue;
            // What is true of the key with the true proof must not be shown, nor its contrary, with any other.
            Assert.False(IsAccepted(mutant, key), $"key {key}: {Convert.ToHexStringLower(mutant)}");
            tried++;
        }
    }

    [Theory]
    [InlineData("00", "00", 256)]
    [InlineData("00", "80", 0)]
    [InlineData("00", "01", 7)]
    [InlineData("a0", "a8", 4)]
    public void SharedBits_CountsFromTheTopBit(string left, string right, int expected)
    {
        Hash256 first = new([.. Convert.FromHexString(left), .. new byte[31]]);
        Hash256 second = new([.. Convert.FromHexString(right), .. new byte[31]]);
        Assert.Equal(expected, TreeHash.SharedBits(first, second));
    }

    private static byte[] Mutate(byte[] proof, byte[] other, Random random)
    {
        const int Header = 3;
        byte[] mutant = [.. proof];
        int Sibling() => Header + (random.Next((mutant.Length - Header) / Hash256.Size) * Hash256.Size);
        switch (random.Next(7))
        {
            case 0: // some bytes
                for (int i = random.Next(1, 6); i > 0; i--)
                    mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
                return mutant;
            case 1: // another kind, with or without the leaf that it needs
                mutant[0] = (byte)random.Next(1, 4);
                return random.Next(2) == 0 ? mutant : [.. mutant, .. other[^(2 * Hash256.Size)..]];
            case 2: // a sibling too few
                mutant[2]--;
                return [.. mutant[..^Hash256.Size]];
            case 3: // a sibling too many
                mutant[2]++;
                return [.. mutant[..Header], .. other[Header..(Header + Hash256.Size)], .. mutant[Header..]];
            case 4: // two siblings exchanged
                (int first, int second) = (Sibling(), Sibling());
                proof.AsSpan(first, Hash256.Size).CopyTo(mutant.AsSpan(second));
                proof.AsSpan(second, Hash256.Size).CopyTo(mutant.AsSpan(first));
                return mutant;
            case 5: // a sibling empty
                mutant.AsSpan(Sibling(), Hash256.Size).Clear();
                return mutant;
            default: // the end of another key's proof
                int shared = Math.Min(mutant.Length, other.Length) - Hash256.Size;
                return [.. mutant[..shared], .. other[shared..]];
        }
    }

    private static bool IsAccepted(byte[] encoded, int key)
        => StateProof.TryDecode(encoded, out StateProof? proof)
            && (proof.VerifyPresent(Tree.Root, StateTreeTests.Key(key), StateTreeTests.Value(key))
                || proof.VerifyAbsent(Tree.Root, StateTreeTests.Key(key)));
}
