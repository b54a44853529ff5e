using System.Security.Cryptography;
using System.Text.Json;
using AppChain.Crypto;

namespace AppChain.Client;

/// <summary>A key file is missing, open to others, damaged, or in the way. The message is one sentence that says what to do.</summary>
public sealed class KeyFileException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>
/// A secret key on disk: JSON with <c>scheme</c>, <c>secret</c>, <c>publicKey</c> (hex) and <c>address</c>, readable by its owner only.
/// </summary>
public static class KeyFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    private sealed record Content(string Scheme, string Secret, string PublicKey, string Address);

    /// <summary>Writes a new file with mode 0600. Never overwrites: a lost key cannot be made again.</summary>
    /// <exception cref="KeyFileException">The file exists, or cannot be written.</exception>
    public static void Save(string path, PrivateKey key)
    {
        byte[] secret = key.ExportSecret();
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(
            new Content(NameOf(key.Scheme), Convert.ToHexStringLower(secret), Convert.ToHexStringLower(key.PublicKey.Span),
                AddressText.Format(key.Address, AddressKind.Account)),
            Options);
        try
        {
            // Created with its mode, not narrowed afterwards: there is no moment at which others could open it.
            FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = OwnerOnly;
            using FileStream file = new(path, options);
            file.Write(json);
            file.WriteByte((byte)'\n');
            file.Flush(flushToDisk: true);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new KeyFileException($"{path} exists already: a key is never overwritten; choose another name or move it away.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException($"The key file cannot be written: {e.Message}", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(json);
        }
    }

    /// <summary>Reads a key. The caller disposes it.</summary>
    /// <exception cref="KeyFileException">Missing, readable by others, or not a key file.</exception>
    public static PrivateKey Load(string path)
    {
        byte[] json = ReadPrivately(path);
        try
        {
            Content content = JsonSerializer.Deserialize<Content>(json, Options) ?? throw new JsonException("it is empty");
            return Parse(path, content);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new KeyFileException($"{path} is not a key file: {e.Message}", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(json);
        }
    }

    private static byte[] ReadPrivately(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            // Asked of the open file, not of the name: nobody can swap it in between.
            UnixFileMode mode = OperatingSystem.IsWindows() ? OwnerOnly : File.GetUnixFileMode(file.SafeFileHandle);
            if ((mode & Others) != 0)
                throw new KeyFileException(
                    $"{path} can be read by others (mode {Convert.ToString((int)mode, 8)}): run `chmod 600 {path}` first.");
            if (file.Length > ClientLimits.KeyFileBytesMax)
                throw new KeyFileException($"{path} is not a key file: it has more than {ClientLimits.KeyFileBytesMax} bytes.");
            byte[] json = new byte[file.Length];
            file.ReadExactly(json);
            return json;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException($"The key file cannot be read: {e.Message}", e);
        }
    }

    private static PrivateKey Parse(string path, Content content)
    {
        KeyScheme scheme = content.Scheme switch
        {
            "secp256k1" => KeyScheme.Secp256k1,
            "p256" => KeyScheme.P256,
            _ => throw new KeyFileException($"{path} has the scheme \"{content.Scheme}\"; expected secp256k1 or p256."),
        };
        byte[] secret = Convert.FromHexString(content.Secret);
        try
        {
            if (!PrivateKey.TryFromSecret(scheme, secret, out PrivateKey? key))
                throw new KeyFileException($"{path} holds no valid secret key.");
            if (Convert.ToHexStringLower(key.PublicKey.Span) == content.PublicKey)
                return key;
            key.Dispose();
            throw new KeyFileException($"{path} is damaged: its public key is not that of its secret.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static string NameOf(KeyScheme scheme) => scheme == KeyScheme.P256 ? "p256" : "secp256k1";
}
