using System.Runtime.InteropServices;

namespace AppChain.Crash.Disk;

/// <summary>
/// The addresses through which a loaded ELF library calls functions of other libraries. Writing another address there puts our function
/// between the library and the system: every call is seen, in the library exactly as it is shipped, and no compiler or tool is needed.
/// </summary>
internal static unsafe partial class ImportTable
{
    private const int DtStrTab = 5, DtSymTab = 6, DtRela = 7, DtRelaSize = 8, DtPltRelSize = 2, DtJmpRel = 23;
    private const int ProtectReadWrite = 3;
    private static readonly nuint PageSize = (nuint)Environment.SystemPageSize;

    // glibc's and musl's handle of a library begins like this.
    private readonly record struct LinkMap(nuint Base, nint Name, nint Dynamic);

    private readonly record struct Entry(long Tag, nuint Value);

    private readonly record struct Relocation(nuint Offset, ulong Info, long Addend);

    private readonly record struct Symbol(uint Name, uint InfoAndSection, ulong Value, ulong Size);

    /// <summary>Replaces imported functions by name. Returns the names that the library imports: the others it never calls.</summary>
    public static HashSet<string> Replace(nint library, IReadOnlyDictionary<string, nint> functions)
    {
        LinkMap* map = (LinkMap*)library;
        Dictionary<long, nuint> dynamic = [];
        for (Entry* entry = (Entry*)map->Dynamic; entry->Tag != 0; entry++)
            dynamic[entry->Tag] = entry->Value;
        HashSet<string> replaced = [];
        foreach ((int table, int size) in ((int, int)[])[(DtJmpRel, DtPltRelSize), (DtRela, DtRelaSize)])
        {
            if (!dynamic.ContainsKey(table))
                continue;
            Relocation* relocations = (Relocation*)At(map, dynamic[table]);
            for (int i = 0; i < (int)dynamic[size] / sizeof(Relocation); i++)
            {
                Symbol* symbol = (Symbol*)At(map, dynamic[DtSymTab]) + (relocations[i].Info >> 32);
                string? name = Marshal.PtrToStringUTF8((nint)At(map, dynamic[DtStrTab]) + (nint)symbol->Name);
                // A symbol that the library defines itself has a value.
                if (symbol->Value != 0 || name is null || !functions.TryGetValue(name, out nint function))
                    continue;
                Write((nint*)(map->Base + relocations[i].Offset), function);
                replaced.Add(name);
            }
        }
        return replaced;
    }

    // glibc puts addresses where the file has offsets; musl leaves them.
    private static nuint At(LinkMap* map, nuint value) => value < map->Base ? map->Base + value : value;

    private static void Write(nint* slot, nint function)
    {
        nuint page = (nuint)slot / PageSize * PageSize;
        if (Protect(page, PageSize, ProtectReadWrite) != 0)
            throw new InvalidOperationException("the system does not let this process change its own import table");
        *slot = function;
    }

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nuint address, nuint length, int protection);
}
