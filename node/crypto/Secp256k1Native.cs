using System.Runtime.InteropServices;

namespace AppChain.Crypto;

/// <summary>
/// The functions of libsecp256k1 that we call, as <c>secp256k1.h</c>, <c>secp256k1_extrakeys.h</c>, <c>secp256k1_schnorrsig.h</c>
/// and <c>secp256k1_ecdh.h</c> declare them. The library answers a broken contract (a null or zeroed object) by aborting the process,
/// so every caller checks lengths first and never uses an object that a call refused to fill.
/// </summary>
internal static unsafe partial class Secp256k1Native
{
    public const string Library = "libsecp256k1";

    /// <summary>Bytes of the library's opaque <c>secp256k1_xonly_pubkey</c>.</summary>
    public const int ParsedPublicKeySize = 64;

    /// <summary>Bytes of the library's opaque <c>secp256k1_pubkey</c>.</summary>
    public const int PointSize = 64;

    /// <summary><c>SECP256K1_EC_COMPRESSED</c>.</summary>
    public const uint Compressed = 1 << 1 | 1 << 8;

    /// <summary>Bytes of the library's opaque <c>secp256k1_keypair</c>. It contains the secret.</summary>
    public const int KeyPairSize = 96;

    /// <summary><c>SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY</c>: newer libraries do both anyway, older ones are told.</summary>
    public const uint ContextSignAndVerify = 1 | 1 << 8 | 1 << 9;

    [LibraryImport(Library, EntryPoint = "secp256k1_context_create")]
    public static partial nint ContextCreate(uint flags);

    [LibraryImport(Library, EntryPoint = "secp256k1_context_destroy")]
    public static partial void ContextDestroy(nint context);

    [LibraryImport(Library, EntryPoint = "secp256k1_context_randomize")]
    public static partial int ContextRandomize(Secp256k1Context context, byte* seed32);

    [LibraryImport(Library, EntryPoint = "secp256k1_xonly_pubkey_parse")]
    public static partial int PublicKeyParse(Secp256k1Context context, byte* parsed, byte* publicKey32);

    [LibraryImport(Library, EntryPoint = "secp256k1_xonly_pubkey_serialize")]
    public static partial int PublicKeySerialize(Secp256k1Context context, byte* publicKey32, byte* parsed);

    [LibraryImport(Library, EntryPoint = "secp256k1_keypair_create")]
    public static partial int KeyPairCreate(Secp256k1Context context, byte* keyPair, byte* secret32);

    [LibraryImport(Library, EntryPoint = "secp256k1_keypair_sec")]
    public static partial int KeyPairSecret(Secp256k1Context context, byte* secret32, byte* keyPair);

    [LibraryImport(Library, EntryPoint = "secp256k1_keypair_xonly_pub")]
    public static partial int KeyPairPublicKey(Secp256k1Context context, byte* parsed, int* parity, byte* keyPair);

    [LibraryImport(Library, EntryPoint = "secp256k1_schnorrsig_sign32")]
    public static partial int Sign32(Secp256k1Context context, byte* signature64, byte* message32, byte* keyPair, byte* auxiliary32);

    [LibraryImport(Library, EntryPoint = "secp256k1_schnorrsig_verify")]
    public static partial int Verify(Secp256k1Context context, byte* signature64, byte* message, nuint messageLength, byte* parsed);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_parse")]
    public static partial int PointParse(Secp256k1Context context, byte* point, byte* encoded, nuint length);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_serialize")]
    public static partial int PointSerialize(Secp256k1Context context, byte* encoded, nuint* length, byte* point, uint flags);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_create")]
    public static partial int PointOfSecret(Secp256k1Context context, byte* point, byte* secret32);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_tweak_add")]
    public static partial int PointAddGenerator(Secp256k1Context context, byte* point, byte* scalar32);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_tweak_mul")]
    public static partial int PointMultiply(Secp256k1Context context, byte* point, byte* scalar32);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_negate")]
    public static partial int PointNegate(Secp256k1Context context, byte* point);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_combine")]
    public static partial int PointSum(Secp256k1Context context, byte* sum, byte** points, nuint count);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_seckey_verify")]
    public static partial int IsSecret(Secp256k1Context context, byte* secret32);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_seckey_negate")]
    public static partial int SecretNegate(Secp256k1Context context, byte* secret32);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_seckey_tweak_add")]
    public static partial int SecretAdd(Secp256k1Context context, byte* secret32, byte* scalar32);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_seckey_tweak_mul")]
    public static partial int SecretMultiply(Secp256k1Context context, byte* secret32, byte* scalar32);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdh")]
    public static partial int SharedPoint(
        Secp256k1Context context, byte* output, byte* point, byte* secret32,
        delegate* unmanaged[Cdecl]<byte*, byte*, byte*, void*, int> writePoint, void* data);
}
