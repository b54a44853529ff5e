using System.Text;
using AppChain.Crypto;

namespace AppChain.Storage.Tests;

/// <summary>A directory of its own for a test, gone afterwards, and blocks to fill a store with.</summary>
internal sealed class TestStore : IDisposable
{
    public const string ChainId = "test";
    public static readonly Hash256 GenesisHash = HashOf("genesis");
    public static readonly StoreOptions Options = new() { RetainedViews = 4, DiskReserveBytes = 1 << 20 };

    public string Path { get; } = Directory.CreateTempSubdirectory("appchain-storage-").FullName;

    /// <summary>Opens the store, with the genesis <c>a = 1, b = 2</c>.</summary>
    public ChainStore Open(StoreOptions? options = null) => Open(Path, options);

    public static ChainStore Open(string path, StoreOptions? options = null)
    {
        ChainStore store = ChainStore.Open(path, options ?? Options);
        try
        {
            store.InitializeGenesis(ChainId, GenesisHash, [Put("a", "1"), Put("b", "2")], timeMs: 1_000);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    public static StateChange Put(string key, string value) => StateChange.Put(Bytes(key), Bytes(value));

    public static StateChange Delete(string key) => StateChange.Delete(Bytes(key));

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static Hash256 HashOf(string text) => Hashing.Sha256(Bytes(text));

    /// <summary>The block after the tip with these changes; everything in it derives from its height.</summary>
    public static FinalizedBlock NextBlock(ChainStore store, params StateChange[] changes) => BlockOn(store.Finalised.With(changes));

    public static FinalizedBlock BlockOn(StateView state) => new()
    {
        Height = state.Height,
        HeaderHash = HeaderHash(state.Height),
        Header = Bytes($"header {state.Height}"),
        Payload = Bytes($"payload {state.Height}"),
        Finalization = state.Height % 2 == 0 ? Bytes($"finalization {state.Height}") : default(ReadOnlyMemory<byte>),
        TimeMs = 1_000 + state.Height,
        Transactions =
        [
            new(TransactionId(state.Height, 0), Bytes($"receipt {state.Height}/0")),
            new(TransactionId(state.Height, 1), Bytes("")),
        ],
        State = state,
    };

    /// <summary>No block that is not final names any batch.</summary>
    public static void Unguarded(Action<Predicate<Hash256>> drop) => drop(static _ => false);

    public static Hash256 HeaderHash(ulong height) => HashOf($"header {height}");

    public static Hash256 TransactionId(ulong height, int index) => HashOf($"transaction {height}/{index}");

    public static string? Read(StateView view, string key)
        => view.TryGet(Bytes(key), out ReadOnlyMemory<byte> value) ? Encoding.UTF8.GetString(value.Span) : null;

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
