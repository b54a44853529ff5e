using System.Buffers.Binary;
using AppChain.Storage;

namespace AppChain.Benchmarks;

/// <summary>State records of the size of a device's: a tag and an identity of 32 bytes, and a value of 120 bytes.</summary>
internal static class Devices
{
    private const int KeySize = 33, ValueSize = 120;

    /// <summary>A device's record after some block.</summary>
    public static StateChange Record(int device, int block)
    {
        byte[] key = new byte[KeySize], value = new byte[ValueSize];
        key[0] = 3;
        // Identities are hashes: spread over the key space. Here by a multiplication, which costs nothing beside what is measured.
        for (int i = 0; i < 4; i++)
            BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(1 + (8 * i)), (ulong)((device * 4L) + i + 1) * 0x9e3779b97f4a7c15);
        BinaryPrimitives.WriteInt32BigEndian(value, device);
        BinaryPrimitives.WriteInt32BigEndian(value.AsSpan(4), block);
        return StateChange.Put(key, value);
    }

    /// <summary>What a block does: as many different devices as it touches get new records.</summary>
    public static StateChange[] Block(BenchmarkOptions options, int block)
    {
        Random random = new(block);
        HashSet<int> devices = [];
        while (devices.Count < Math.Min(options.Touched, options.Keys))
            devices.Add(random.Next(options.Keys));
        return [.. devices.Select(device => Record(device, block))];
    }
}
