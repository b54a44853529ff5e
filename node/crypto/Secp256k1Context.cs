using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace AppChain.Crypto;

/// <summary>
/// The library's context: its precomputed tables and the blinding that hides secrets from side channels while signing.
/// There is one for the process. It is blinded once, before any other thread can see it, and never changed after:
/// libsecp256k1 lets any number of threads sign and verify with a context that nobody changes.
/// </summary>
internal sealed class Secp256k1Context : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>What distributions and systems call the library, newest interface first, then without a version.</summary>
    private static readonly string[] FileNames =
    [
        "libsecp256k1.so.1", "libsecp256k1.so.6", "libsecp256k1.so.5", "libsecp256k1.so.4", "libsecp256k1.so.3", "libsecp256k1.so.2",
        "libsecp256k1.so.0", "libsecp256k1.so", "libsecp256k1",
    ];

    private static readonly Lazy<Secp256k1Context> Instance = new(Create, LazyThreadSafetyMode.ExecutionAndPublication);

    private Secp256k1Context(nint context)
        : base(ownsHandle: true) => SetHandle(context);

    /// <summary>The process's context, made at first use.</summary>
    /// <exception cref="NativeLibraryMissingException">The library is not installed, or cannot do BIP-340.</exception>
    public static Secp256k1Context Shared => Instance.Value;

    protected override bool ReleaseHandle()
    {
        Secp256k1Native.ContextDestroy(handle);
        return true;
    }

    // The library is loaded here rather than in the resolver, so that a missing one is reported by an ordinary exception of ours.
    private static unsafe Secp256k1Context Create()
    {
        Assembly assembly = typeof(Secp256k1Context).Assembly;
        nint library = NativeLibraries.Load(assembly, FileNames, "libsecp256k1", "libsecp256k1-1");
        if (!NativeLibrary.TryGetExport(library, "secp256k1_schnorrsig_sign32", out _))
        {
            throw new NativeLibraryMissingException(
                "libsecp256k1 is installed but cannot sign by BIP-340: install version 0.2 or later, built with its schnorrsig module.");
        }
        if (!NativeLibrary.TryGetExport(library, "secp256k1_ecdh", out _))
        {
            throw new NativeLibraryMissingException(
                "libsecp256k1 is installed but cannot multiply points in constant time: install one that was built with its ecdh module.");
        }
        NativeLibrary.SetDllImportResolver(assembly, (name, _, _) => name == Secp256k1Native.Library ? library : 0);

        var context = new Secp256k1Context(Secp256k1Native.ContextCreate(Secp256k1Native.ContextSignAndVerify));
        byte* seed = stackalloc byte[32];
        RandomNumberGenerator.Fill(new Span<byte>(seed, 32));
        int blinded = Secp256k1Native.ContextRandomize(context, seed);
        CryptographicOperations.ZeroMemory(new Span<byte>(seed, 32));
        if (blinded != 1)
            throw new CryptographicException("libsecp256k1 could not blind its context.");
        return context;
    }
}
