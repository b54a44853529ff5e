namespace AppChain.Storage;

/// <summary>An index of transactions by something that they touch, newest first. Its entries go with their blocks' receipts.</summary>
public enum HistoryIndex : byte
{
    /// <summary>By account address.</summary>
    TransactionsOfAccount = 1,

    /// <summary>By device address.</summary>
    TransactionsOfDevice = 2,
}

/// <summary>An index of what belongs to what now, kept as it changes. It follows the state and is never pruned.</summary>
public enum MemberIndex : byte
{
    /// <summary>Device addresses by the address of their owner.</summary>
    DevicesOfOwner = 1,

    /// <summary>Device addresses by the number of their service, big-endian.</summary>
    DevicesOfService = 2,

    /// <summary>Device addresses by the number of a cell of the grid, big-endian, at each level that is listed.</summary>
    DevicesOfCell = 3,
}

/// <summary>Something that transactions touch.</summary>
/// <param name="Index">What kind of thing.</param>
/// <param name="Subject">Which one: at most <see cref="IndexLimits.SubjectBytesMax"/> bytes, of one length per index.</param>
public readonly record struct HistoryKey(HistoryIndex Index, ReadOnlyMemory<byte> Subject);

/// <summary>A member joins or leaves a group.</summary>
/// <param name="Index">The index.</param>
/// <param name="Group">At most <see cref="IndexLimits.SubjectBytesMax"/> bytes.</param>
/// <param name="Member">1 to <see cref="IndexLimits.SubjectBytesMax"/> bytes.</param>
/// <param name="Joins">False: leaves.</param>
public readonly record struct MemberChange(MemberIndex Index, ReadOnlyMemory<byte> Group, ReadOnlyMemory<byte> Member, bool Joins);

/// <summary>Limits of the indexes.</summary>
public static class IndexLimits
{
    /// <summary>Longest subject, group or member, in bytes.</summary>
    public const int SubjectBytesMax = 64;

    /// <summary>Most subjects of one transaction.</summary>
    public const int TouchesMax = 255;
}
