using System.Numerics;

namespace AppChain.Node.Did;

/// <summary>Base 58 with Bitcoin's alphabet, as multibase's <c>z</c> writes keys.</summary>
internal static class Base58
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        int zeros = bytes.IndexOfAnyExcept((byte)0) is >= 0 and var first ? first : bytes.Length;
        Stack<char> digits = [];
        for (BigInteger rest = new(bytes, isUnsigned: true, isBigEndian: true); !rest.IsZero;)
        {
            (rest, BigInteger digit) = BigInteger.DivRem(rest, Alphabet.Length);
            digits.Push(Alphabet[(int)digit]);
        }
        return new string(Alphabet[0], zeros) + string.Concat(digits);
    }
}
