using System.Diagnostics.CodeAnalysis;
using Google.Protobuf.Reflection;

namespace AppChain.Node.Rpc;

/// <summary>The schema of some services: every file that they need, by its name and by what it defines.</summary>
public sealed class SchemaIndex
{
    private readonly Dictionary<string, FileDescriptor> files = [];
    private readonly Dictionary<string, FileDescriptor> symbols = [];

    public SchemaIndex(IEnumerable<ServiceDescriptor> services)
    {
        foreach (ServiceDescriptor service in services)
            Add(service.File);
    }

    public bool TryGetFile(string name, [NotNullWhen(true)] out FileDescriptor? file) => files.TryGetValue(name, out file);

    /// <summary>The file that defines a service, method, message, field or enum, by its full name.</summary>
    public bool TryGetFileOf(string symbol, [NotNullWhen(true)] out FileDescriptor? file) => symbols.TryGetValue(symbol, out file);

    /// <summary>A file, then all that it imports, directly or not, each once.</summary>
    public static IReadOnlyList<FileDescriptor> WithImports(FileDescriptor file)
    {
        List<FileDescriptor> all = [file];
        for (int i = 0; i < all.Count; i++)
            all.AddRange(all[i].Dependencies.Where(import => !all.Contains(import)));
        return all;
    }

    private void Add(FileDescriptor file)
    {
        if (!files.TryAdd(file.Name, file))
            return;
        foreach (FileDescriptor import in file.Dependencies)
            Add(import);
        foreach (ServiceDescriptor service in file.Services)
            Define([service, .. service.Methods]);
        foreach (EnumDescriptor type in file.EnumTypes)
            Define([type, .. type.Values]);
        foreach (MessageDescriptor message in file.MessageTypes)
            Define(message);
    }

    private void Define(MessageDescriptor message)
    {
        Define([message, .. message.Fields.InDeclarationOrder(), .. message.Oneofs, .. message.EnumTypes]);
        foreach (EnumDescriptor type in message.EnumTypes)
            Define([.. type.Values]);
        foreach (MessageDescriptor nested in message.NestedTypes)
            Define(nested);
    }

    private void Define(IDescriptor[] descriptors)
    {
        foreach (IDescriptor descriptor in descriptors)
            symbols[descriptor.FullName] = descriptor.File;
    }
}
