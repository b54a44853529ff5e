using System.Buffers;
using System.Text;

namespace Grpc.Core;

public sealed partial class Metadata
{
    /// <summary>
    /// One immutable key and value. Keys are lower case; a key that ends in <c>-bin</c> has a binary value, any other a text.
    /// </summary>
    public class Entry
    {
        static readonly SearchValues<char> KeyCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-.");

        readonly string? text;
        readonly byte[]? bytes;

        /// <summary>A binary entry.</summary>
        /// <param name="key">Letters, digits, <c>_ - .</c>; ends in <c>-bin</c>.</param>
        /// <param name="valueBytes">The value, which is copied.</param>
        public Entry(string key, byte[] valueBytes)
        {
            ArgumentNullException.ThrowIfNull(valueBytes);
            Key = CheckedKey(key, binary: true);
            bytes = [.. valueBytes];
        }

        /// <summary>A text entry.</summary>
        /// <param name="key">Letters, digits, <c>_ - .</c>; does not end in <c>-bin</c>.</param>
        /// <param name="value">Printable ASCII. Other text belongs in a binary entry: HTTP/2 headers cannot carry it.</param>
        public Entry(string key, string value)
        {
            ArgumentNullException.ThrowIfNull(value);
            Key = CheckedKey(key, binary: false);
            text = IsText(value) ? value : throw new ArgumentException("A text value is printable ASCII only.", nameof(value));
        }

        /// <summary>The key, in lower case.</summary>
        public string Key { get; }

        /// <summary>Whether the value is binary.</summary>
        public bool IsBinary => bytes is not null;

        /// <summary>The text. Throws if the value is binary.</summary>
        public string Value => text ?? throw new InvalidOperationException($"The value of \"{Key}\" is binary.");

        /// <summary>The bytes, or the text in ASCII; a copy.</summary>
        public byte[] ValueBytes => bytes is null ? Encoding.ASCII.GetBytes(text!) : [.. bytes];

        /// <inheritdoc/>
        public override string ToString() => bytes is null ? $"[{Key}={text}]" : $"[{Key}={Convert.ToHexString(bytes)}]";

        internal ReadOnlySpan<byte> Bytes => bytes;

        internal bool HasKey(string key) => string.Equals(Key, key, StringComparison.OrdinalIgnoreCase);

        internal static bool IsKey(ReadOnlySpan<char> lowerCaseKey) =>
            lowerCaseKey.Length > 0 && !lowerCaseKey.ContainsAnyExcept(KeyCharacters);

        internal static bool IsText(ReadOnlySpan<char> value) => !value.ContainsAnyExceptInRange(' ', '~');

        static string CheckedKey(string key, bool binary)
        {
            ArgumentNullException.ThrowIfNull(key);
            var lower = key.ToLowerInvariant();
            if (!IsKey(lower)) throw new ArgumentException("A key is made of letters, digits, underscores, hyphens and dots.", nameof(key));
            if (lower.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal) != binary)
                throw new ArgumentException($"Keys of binary values, and only those, end in {BinaryHeaderSuffix}.", nameof(key));
            return lower;
        }
    }
}
