using System.Collections.Frozen;
using System.Net;
using AppChain.Grpc;
using AppChain.Node.Cli;
using AppChain.Node.Snapshots;
using AppChain.Protos.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Status = Grpc.Core.Status;
using SupplyAudit = AppChain.Ledger.SupplyAudit;

namespace AppChain.Node.Rpc;

/// <summary>
/// For whoever runs the node: answered on loopback only, and only to a caller that is nobody's messenger. A proxy on this machine passes strangers'
/// calls on from loopback, and a web page calls from its reader's own machine: what shows either is refused. A proxy that passes bytes on and says
/// nothing cannot be told apart: it must not forward this service.
/// </summary>
internal sealed class AdminRpc(ChainReader reader, LiveSnapshots snapshots) : AdminService.AdminServiceBase
{
    private static readonly FrozenSet<string> PassedOn =
        FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "Origin", "Referer", "Forwarded", "Via", "X-Real-IP", "Sec-Fetch-Site");

    public override Task<Protos.V1.SupplyAudit> AuditSupply(AuditSupplyRequest request, ServerCallContext context)
    {
        RequireOwn(context);
        (ulong height, SupplyAudit audit) = Answer.Read(reader.AuditSupply);
        return Task.FromResult(new Protos.V1.SupplyAudit
        {
            Height = height,
            Balances = Shown(audit.Balances),
            Pools = Shown(audit.Pools),
            Treasury = Shown(audit.Treasury),
            Staked = Shown(audit.Staked),
            Deposits = Shown(audit.Deposits),
            Genesis = Shown(audit.Genesis),
            Minted = Shown(audit.Minted),
            Burned = Shown(audit.Burned),
            Conserved = audit.Conserved,
            Credits = Shown(audit.Credits),
            CreditsIssued = Shown(audit.CreditsIssued),
            CreditsSpent = Shown(audit.CreditsSpent),
            Bonds = Shown(audit.Bonds),
        });
    }

    public override async Task<CreatedSnapshot> CreateSnapshot(CreateSnapshotRequest request, ServerCallContext context)
    {
        RequireOwn(context);
        try
        {
            (SnapshotFolder folder, SnapshotManifest manifest) = await snapshots.TryCreateAsync(height: null, context.CancellationToken)
                ?? throw new RpcException(new Status(StatusCode.ResourceExhausted, "A snapshot is being made already: wait until it is done."));
            return SnapshotCommand.Describe(folder.Path, manifest);
        }
        catch (CommandException refused)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, refused.Message));
        }
    }

    private static void RequireOwn(ServerCallContext context)
    {
        HttpContext http = context.GetHttpContext();
        if (http.Connection.RemoteIpAddress is not { } caller || !IPAddress.IsLoopback(caller))
            throw new RpcException(new Status(StatusCode.PermissionDenied, "Admin calls are answered on loopback only."));
        bool isPassedOn = http.Request.Headers.Keys.Any(
            static name => PassedOn.Contains(name) || name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase));
        bool isGrpc = http.Request.ContentType is { } type && !type.StartsWith("application/grpc-web", StringComparison.OrdinalIgnoreCase);
        if (isPassedOn || !isGrpc || !IsThisMachine(http.Request.Host.Host))
            throw new RpcException(new Status(StatusCode.PermissionDenied, "Admin calls are not answered through a proxy, to a web page, or under a name."));
    }

    // Any other name is one that somebody has made lead here.
    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host.Trim('[', ']'), out _);

    // A sum that does not fit is a broken state, which `conserved` reports; it is shown as the largest number.
    private static ulong Shown(UInt128 sum) => (ulong)UInt128.Min(sum, ulong.MaxValue);
}
