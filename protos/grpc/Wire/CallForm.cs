using System.Diagnostics.CodeAnalysis;

namespace AppChain.Grpc.Wire;

/// <summary>In which form a call's messages and status travel, by its content type.</summary>
enum CallForm
{
    /// <summary>gRPC over HTTP/2: the status comes in trailers.</summary>
    Grpc,
    /// <summary>gRPC-Web: over any HTTP; trailers that come after messages are the body's last frame.</summary>
    Web,
    /// <summary>gRPC-Web in base64, for what can read text only.</summary>
    WebText,
}

static class CallForms
{
    /// <summary>The form of a request, and the content type of its answer. False if it is none of gRPC's.</summary>
    public static bool TryParse(string? contentType, out CallForm form, [NotNullWhen(true)] out string? answer)
    {
        (form, answer) = default((CallForm, string?));
        if (ProtocolHeaders.IsGrpc(contentType)) answer = ProtocolHeaders.GrpcContentType;
        else if (Is(contentType, "application/grpc-web")) (form, answer) = (CallForm.Web, "application/grpc-web+proto");
        else if (Is(contentType, "application/grpc-web-text")) (form, answer) = (CallForm.WebText, "application/grpc-web-text+proto");
        return answer is not null;
    }

    /// <summary>Whether a content type is the one named, alone or followed by <c>+</c> or <c>;</c>.</summary>
    public static bool Is(string? contentType, string name) =>
        contentType is not null
        && contentType.StartsWith(name, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == name.Length || contentType[name.Length] is '+' or ';' or ' ');
}
