namespace AppChain.Crypto.Tests;

public class NativeLibrariesTests
{
    [Fact]
    public void Load_NoSuchLibrary_SaysInOneLineWhatToInstall()
    {
        var error = Assert.Throws<NativeLibraryMissingException>(() =>
            NativeLibraries.Load(typeof(NativeLibrariesTests).Assembly, ["libnowhere.so.1", "libnowhere"], "libnowhere", "libnowhere1"));
        Assert.Contains("apt-get install libnowhere1", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Load_SecondNameExists_GivesThatLibrary() => Assert.NotEqual(
        0, NativeLibraries.Load(typeof(NativeLibrariesTests).Assembly, ["libnowhere.so.1", "libc.so.6"], "libc", "libc6"));

    [Fact]
    public void EnsureLoaded_LibraryInstalled_LetsKeysBeMade()
    {
        Secp256k1.EnsureLoaded();
        using var key = PrivateKey.Generate(KeyScheme.Secp256k1);
        Assert.True(SignatureVerifier.IsPublicKey(KeyScheme.Secp256k1, key.PublicKey.Span));
    }
}
