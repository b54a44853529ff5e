using System.Reflection;
using System.Runtime.InteropServices;

namespace AppChain.Crypto;

/// <summary>A native library that AppChain needs is not installed. The message is one line that says what to install.</summary>
public sealed class NativeLibraryMissingException(string message) : Exception(message);

/// <summary>Finds native libraries under the names that distributions give them.</summary>
public static class NativeLibraries
{
    /// <summary>Loads the first of the names that the system knows.</summary>
    /// <param name="names">File names in order of preference, e.g. <c>librocksdb.so.7.8</c>.</param>
    /// <param name="what">The library's name for people.</param>
    /// <param name="debianPackage">The package that brings it.</param>
    /// <exception cref="NativeLibraryMissingException">None of the names could be loaded.</exception>
    public static nint Load(Assembly assembly, IEnumerable<string> names, string what, string debianPackage)
    {
        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, assembly, DllImportSearchPath.SafeDirectories, out nint handle))
                return handle;
        }
        throw new NativeLibraryMissingException(
            $"{what} is not installed: run `apt-get install {debianPackage}` (Debian, Ubuntu) and start again.");
    }
}
