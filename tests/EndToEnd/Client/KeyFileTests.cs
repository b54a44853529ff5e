using System.Runtime.Versioning;
using AppChain.Client;
using AppChain.Crypto;

namespace AppChain.EndToEnd.Client;

[UnsupportedOSPlatform("windows")]
public sealed class KeyFileTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("appchain-key-");

    private string FilePath => Path.Combine(directory.FullName, "key.json");

    public void Dispose() => directory.Delete(recursive: true);

    [Theory]
    [InlineData(KeyScheme.Secp256k1)]
    [InlineData(KeyScheme.P256)]
    public void Load_WhatSaveWrote_GivesTheSameKeyAndNobodyElseCanReadIt(KeyScheme scheme)
    {
        using PrivateKey key = PrivateKey.Generate(scheme);
        KeyFile.Save(FilePath, key);

        using PrivateKey loaded = KeyFile.Load(FilePath);

        Assert.Equal((key.Scheme, key.Address), (loaded.Scheme, loaded.Address));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void Load_FileOpenToOthers_IsRefusedWithTheRemedy(UnixFileMode others)
    {
        Save();
        File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);

        KeyFileException refusal = Assert.Throws<KeyFileException>(() => KeyFile.Load(FilePath));

        Assert.Contains("chmod 600", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Save_FileExists_IsNeverOverwritten()
    {
        Save();
        byte[] before = File.ReadAllBytes(FilePath);

        Assert.Throws<KeyFileException>(Save);

        Assert.Equal(before, File.ReadAllBytes(FilePath));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("not json")]
    [InlineData("""{"scheme":"rsa","secret":"00","publicKey":"00","address":""}""")]
    [InlineData("""{"scheme":"p256","secret":"zz","publicKey":"00","address":""}""")]
    [InlineData("""{"scheme":"p256","secret":"00","publicKey":"00","address":""}""")]
    [InlineData("""{"scheme":"p256","secret":"00","publicKey":"00","address":"","password":"x"}""")]
    public void Load_NotAKeyFile_IsRefusedInOneSentence(string content)
    {
        Save();
        File.WriteAllText(FilePath, content);

        KeyFileException refusal = Assert.Throws<KeyFileException>(() => KeyFile.Load(FilePath));

        Assert.StartsWith(FilePath, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_PublicKeyOfAnotherSecret_IsRefusedAsDamaged()
    {
        Save();
        using PrivateKey other = PrivateKey.Generate(KeyScheme.Secp256k1);
        string secret = Convert.ToHexStringLower(other.ExportSecret());
        string json = File.ReadAllText(FilePath);
        int at = json.IndexOf("\"secret\": \"", StringComparison.Ordinal) + "\"secret\": \"".Length;
        File.WriteAllText(FilePath, string.Concat(json.AsSpan(0, at), secret, json.AsSpan(at + secret.Length)));

        Assert.Contains("damaged", Assert.Throws<KeyFileException>(() => KeyFile.Load(FilePath)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoFile_IsRefused() => Assert.Throws<KeyFileException>(() => KeyFile.Load(FilePath));

    private void Save()
    {
        using PrivateKey key = PrivateKey.FromSeed(KeyScheme.Secp256k1, "key file test");
        KeyFile.Save(FilePath, key);
    }
}
