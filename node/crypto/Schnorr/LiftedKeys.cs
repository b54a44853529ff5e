namespace AppChain.Crypto;

/// <summary>
/// Points of the public keys that signed of late: devices sign again and again, and a point costs a square root. A key has one slot, by its
/// hash; another that falls on it takes its place. A slot holds an immutable object and is read and written whole, so no lock is needed. Any thread.
/// </summary>
internal sealed class LiftedKeys
{
    /// <summary>Most points kept, of about a hundred bytes each.</summary>
    public const int KeysMax = 65_536;

    private sealed class Key(AffinePoint point)
    {
        public readonly AffinePoint Point = point;
    }

    private readonly Key?[] slots = new Key?[KeysMax];

    /// <summary>The point of a key, if it is kept.</summary>
    /// <param name="publicKey">Its 32 bytes.</param>
    /// <param name="point">Its x is that of these bytes; its y is set if the answer is true.</param>
    public bool TryFind(ReadOnlySpan<byte> publicKey, ref AffinePoint point)
    {
        Key? kept = Volatile.Read(ref Slot(publicKey));
        if (kept is null || !kept.Point.X.Equals(in point.X))
            return false;
        point.Y = kept.Point.Y;
        return true;
    }

    /// <summary>Keeps a point. Only that of a key that has signed something takes another's slot: made-up keys push nobody out.</summary>
    public void Keep(ReadOnlySpan<byte> publicKey, in AffinePoint point)
    {
        ref Key? slot = ref Slot(publicKey);
        if (Volatile.Read(ref slot) is not { } kept || !kept.Point.X.Equals(in point.X))
            Volatile.Write(ref slot, new Key(point));
    }

    private ref Key? Slot(ReadOnlySpan<byte> publicKey) => ref slots[(uint)HashCodeSeed.Code(publicKey) % KeysMax];
}
