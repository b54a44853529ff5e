using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AppChain.Crypto;

/// <summary>
/// SHA-256 of eight messages at once with AVX2: lane i of every vector belongs to message i. One message alone gains nothing, eight cost
/// little more than one. Checked against the framework's SHA-256 in the tests.
/// </summary>
internal static class Sha256Lanes
{
    /// <summary>Messages that are hashed at once.</summary>
    public const int Count = 8;

    /// <summary>Bytes of a block of SHA-256.</summary>
    public const int BlockSize = 64;

    private const int WordsPerBlock = 16;
    private const int Rounds = 64;

    // FIPS 180-4, 4.2.2 and 5.3.3.
    private static ReadOnlySpan<uint> RoundConstants =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    private static ReadOnlySpan<uint> InitialState =>
        [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

    /// <summary>Whether this processor has what <see cref="Hash"/> needs.</summary>
    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>The digests of eight padded messages of the same number of blocks, which stand one after the other.</summary>
    [SkipLocalsInit]
    public static void Hash(ReadOnlySpan<byte> lanes, int blocks, Span<Hash256> digests)
    {
        int stride = blocks * BlockSize;
        ArgumentOutOfRangeException.ThrowIfLessThan(lanes.Length, stride * Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(digests.Length, Count);
        Span<Vector256<uint>> state = stackalloc Vector256<uint>[8];
        for (int i = 0; i < state.Length; i++)
            state[i] = Vector256.Create(InitialState[i]);
        Span<Vector256<uint>> words = stackalloc Vector256<uint>[WordsPerBlock];
        ref byte first = ref MemoryMarshal.GetReference(lanes);
        for (int block = 0; block < blocks; block++)
        {
            LoadEightWords(ref Unsafe.Add(ref first, block * BlockSize), stride, words[..8]);
            LoadEightWords(ref Unsafe.Add(ref first, (block * BlockSize) + 32), stride, words[8..]);
            Compress(state, words);
        }
        for (int i = 0; i < state.Length; i++)
            state[i] = SwapBytes(state[i]);
        Transpose(state);
        for (int lane = 0; lane < Count; lane++)
            digests[lane] = Unsafe.BitCast<Vector256<uint>, Hash256>(state[lane]);
    }

    /// <summary>What follows a message in its last block or two: the bit 1, zeros, and its length in bits (FIPS 180-4, 5.1.1).</summary>
    public static void Pad(Span<byte> message, int length)
    {
        message[length] = 0x80;
        message[(length + 1)..].Clear();
        BinaryPrimitives.WriteUInt64BigEndian(message[^sizeof(ulong)..], (ulong)length * 8);
    }

    /// <summary>Blocks of a message with its padding.</summary>
    public static int BlocksOf(int length) => (length + 1 + sizeof(ulong) + BlockSize - 1) / BlockSize;

    // Eight words of each lane become eight vectors that each hold one word of all lanes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LoadEightWords(ref byte source, int stride, Span<Vector256<uint>> words)
    {
        for (int lane = 0; lane < Count; lane++)
            words[lane] = SwapBytes(Vector256.LoadUnsafe(ref Unsafe.Add(ref source, lane * stride)).AsUInt32());
        Transpose(words);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> SwapBytes(Vector256<uint> words) => Avx2.Shuffle(
        words.AsByte(),
        Vector256.Create(
            (byte)3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12)).AsUInt32();

    private static void Transpose(Span<Vector256<uint>> rows)
    {
        _ = rows[7];
        Vector256<ulong> a = Avx2.UnpackLow(rows[0], rows[1]).AsUInt64(), b = Avx2.UnpackHigh(rows[0], rows[1]).AsUInt64();
        Vector256<ulong> c = Avx2.UnpackLow(rows[2], rows[3]).AsUInt64(), d = Avx2.UnpackHigh(rows[2], rows[3]).AsUInt64();
        Vector256<ulong> e = Avx2.UnpackLow(rows[4], rows[5]).AsUInt64(), f = Avx2.UnpackHigh(rows[4], rows[5]).AsUInt64();
        Vector256<ulong> g = Avx2.UnpackLow(rows[6], rows[7]).AsUInt64(), h = Avx2.UnpackHigh(rows[6], rows[7]).AsUInt64();
        (Vector256<ulong> ac, Vector256<ulong> eg) = (Avx2.UnpackLow(a, c), Avx2.UnpackLow(e, g));
        rows[0] = Avx2.Permute2x128(ac, eg, 0x20).AsUInt32();
        rows[4] = Avx2.Permute2x128(ac, eg, 0x31).AsUInt32();
        (ac, eg) = (Avx2.UnpackHigh(a, c), Avx2.UnpackHigh(e, g));
        rows[1] = Avx2.Permute2x128(ac, eg, 0x20).AsUInt32();
        rows[5] = Avx2.Permute2x128(ac, eg, 0x31).AsUInt32();
        (Vector256<ulong> bd, Vector256<ulong> fh) = (Avx2.UnpackLow(b, d), Avx2.UnpackLow(f, h));
        rows[2] = Avx2.Permute2x128(bd, fh, 0x20).AsUInt32();
        rows[6] = Avx2.Permute2x128(bd, fh, 0x31).AsUInt32();
        (bd, fh) = (Avx2.UnpackHigh(b, d), Avx2.UnpackHigh(f, h));
        rows[3] = Avx2.Permute2x128(bd, fh, 0x20).AsUInt32();
        rows[7] = Avx2.Permute2x128(bd, fh, 0x31).AsUInt32();
    }

    // Eight rounds per turn, so that the working variables change their names instead of their places.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compress(Span<Vector256<uint>> state, Span<Vector256<uint>> words)
    {
        _ = state[7];
        ref Vector256<uint> w = ref MemoryMarshal.GetReference(words);
        ref uint k = ref MemoryMarshal.GetReference(RoundConstants);
        Vector256<uint> a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
        for (int t = 0; t < Rounds; t += 8)
        {
            Round(a, b, c, ref d, e, f, g, ref h, Word(ref w, t), Unsafe.Add(ref k, t));
            Round(h, a, b, ref c, d, e, f, ref g, Word(ref w, t + 1), Unsafe.Add(ref k, t + 1));
            Round(g, h, a, ref b, c, d, e, ref f, Word(ref w, t + 2), Unsafe.Add(ref k, t + 2));
            Round(f, g, h, ref a, b, c, d, ref e, Word(ref w, t + 3), Unsafe.Add(ref k, t + 3));
            Round(e, f, g, ref h, a, b, c, ref d, Word(ref w, t + 4), Unsafe.Add(ref k, t + 4));
            Round(d, e, f, ref g, h, a, b, ref c, Word(ref w, t + 5), Unsafe.Add(ref k, t + 5));
            Round(c, d, e, ref f, g, h, a, ref b, Word(ref w, t + 6), Unsafe.Add(ref k, t + 6));
            Round(b, c, d, ref e, f, g, h, ref a, Word(ref w, t + 7), Unsafe.Add(ref k, t + 7));
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    // The message schedule in a ring of 16 words: word t replaces word t − 16.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Word(ref Vector256<uint> ring, int t)
    {
        ref Vector256<uint> word = ref Unsafe.Add(ref ring, t & 15);
        if (t < WordsPerBlock)
            return word;
        Vector256<uint> early = Unsafe.Add(ref ring, (t + 1) & 15), late = Unsafe.Add(ref ring, (t + 14) & 15);
        Vector256<uint> sigma0 = RotateRight(early, 7) ^ RotateRight(early, 18) ^ (early >>> 3);
        Vector256<uint> sigma1 = RotateRight(late, 17) ^ RotateRight(late, 19) ^ (late >>> 10);
        return word += sigma0 + Unsafe.Add(ref ring, (t + 9) & 15) + sigma1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        Vector256<uint> a, Vector256<uint> b, Vector256<uint> c, ref Vector256<uint> d,
        Vector256<uint> e, Vector256<uint> f, Vector256<uint> g, ref Vector256<uint> h,
        Vector256<uint> word, uint constant)
    {
        Vector256<uint> sum1 = RotateRight(e, 6) ^ RotateRight(e, 11) ^ RotateRight(e, 25);
        Vector256<uint> choice = g ^ (e & (f ^ g));
        Vector256<uint> sum0 = RotateRight(a, 2) ^ RotateRight(a, 13) ^ RotateRight(a, 22);
        Vector256<uint> majority = (a & b) | (c & (a | b));
        Vector256<uint> first = h + sum1 + choice + Vector256.Create(constant) + word;
        d += first;
        h = first + sum0 + majority;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> RotateRight(Vector256<uint> value, [ConstantExpected] int bits)
        => (value >>> bits) | (value << (32 - bits));
}
