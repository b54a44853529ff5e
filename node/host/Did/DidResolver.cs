using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Driver;
using Microsoft.AspNetCore.Http;

namespace AppChain.Node.Did;

/// <summary>What an identifier resolves to.</summary>
/// <param name="Document">The DID document.</param>
/// <param name="Deactivated">The device is revoked.</param>
public sealed record DidResolution(byte[] Document, bool Deactivated);

/// <summary>
/// Resolves identifiers of devices, and of the accounts that control them, against the state after the last final block, for gRPC and for HTTP:
/// <c>GET /did/DID</c>.
/// </summary>
public sealed class DidResolver(ChainId chain, Func<LedgerState> state)
{
    /// <summary>The route of the HTTP endpoint.</summary>
    public const string Route = "/did/{did}";

    /// <summary>The document of a device or an account, or null if it is none of this chain's. Every address is an account's, used or not.</summary>
    public DidResolution? Find(ChainDid did)
    {
        if (did.Chain != chain)
            return null;
        if (did.Kind == AddressKind.Account)
            return new DidResolution(DidDocument.WriteAccount(did), Deactivated: false);
        LedgerState current = state();
        if (LedgerQueries.Device(current, did.Subject) is not { } device)
            return null;
        IEnumerable<(uint, string)> endpoints = device.Device.Enrollments
            .Where(static enrollment => !enrollment.Leaving)
            .Select(enrollment => (enrollment.Service, LedgerQueries.Service(current, enrollment.Service)?.Service.Definition.Endpoint ?? ""))
            .Where(static found => found.Item2.Length > 0);
        return new DidResolution(DidDocument.Write(did, device, endpoints), device.Revoked);
    }

    /// <summary>Answers over HTTP: 200, 400 (no such identifier can be), 404 (no such device) or 410 (revoked).</summary>
    public async Task AnswerAsync(HttpContext http)
    {
        if (!ChainDid.TryParse(http.Request.RouteValues["did"] as string, out ChainDid did))
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        if (Find(did) is not { } found)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        http.Response.StatusCode = found.Deactivated ? StatusCodes.Status410Gone : StatusCodes.Status200OK;
        http.Response.ContentType = DidDocument.MediaType;
        http.Response.ContentLength = found.Document.Length;
        await http.Response.Body.WriteAsync(found.Document, http.RequestAborted);
    }
}
