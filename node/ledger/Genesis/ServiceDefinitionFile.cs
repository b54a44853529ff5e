using System;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace AppChain.Ledger;

/// <summary>A service's definition as JSON, for people who create or change one: the members that a genesis file has for it.</summary>
public static class ServiceDefinitionFile
{
    /// <summary>Reads it strictly, as <see cref="Genesis.TryParse"/> reads a genesis file.</summary>
    /// <param name="error">What is wrong, and where.</param>
    public static bool TryParse(
        ReadOnlyMemory<byte> json, [NotNullWhen(true)] out ServiceDefinition? definition, [NotNullWhen(false)] out string? error) =>
        JsonNodeReader.TryRead(json, Read, out definition, out error);

    private static ServiceDefinition Read(JsonElement root)
    {
        JsonNodeReader file = new("", root);
        ServiceDefinition definition = GenesisReader.ReadDefinition(file);
        file.End();
        return ServiceBounds.Allow(definition)
            ? definition
            : throw new GenesisFormatException(
                "", "a name, a unit or the endpoint is not allowed, or manufacturers or metrics are not ascending with each once");
    }
}
