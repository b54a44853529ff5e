using AppChain.Grpc.Wire;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AppChain.Grpc.Server;

/// <summary>Metadata in ASP.NET Core's headers.</summary>
static class HttpMetadata
{
    public static Metadata Read(IHeaderDictionary headers)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in headers)
        {
            foreach (var value in values) MetadataText.Add(metadata, name, value);
        }
        return metadata;
    }

    /// <summary>Adds entries to headers. The protocol's own names are its own: an entry with one of them is left out.</summary>
    public static void Write(Metadata metadata, IHeaderDictionary headers)
    {
        foreach (var entry in metadata)
        {
            if (ProtocolHeaders.IsReserved(entry.Key)) continue;
            headers[entry.Key] = StringValues.Concat(headers[entry.Key], MetadataText.Encode(entry));
        }
    }
}
