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
        ReadOnlyMemory<byte> json, [NotNullWhen(true)] out ServiceDefinition? definition, [NotNullWhen(false)] out string? error)
    {
        definition = null;
        error = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Genesis.Strict);
            JsonNodeReader file = new("", document.RootElement);
            ServiceDefinition read = GenesisReader.ReadDefinition(file);
            file.End();
            if (!ServiceBounds.Allow(read))
                throw new GenesisFormatException("", "a name, a unit or the endpoint is not allowed, or manufacturers or metrics are not ascending with each once");
            definition = read;
            return true;
        }
        catch (GenesisFormatException problem)
        {
            error = problem.Message;
            return false;
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // The second is what the framework throws for a text that is not Unicode.
            error = $"not JSON: {problem.Message}";
            return false;
        }
    }
}
