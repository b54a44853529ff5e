using System.Net;
using AppChain.Grpc;
using AppChain.Protos.V1;
using Grpc.Core;
using Status = Grpc.Core.Status;
using SupplyAudit = AppChain.Ledger.SupplyAudit;

namespace AppChain.Node.Rpc;

/// <summary>For whoever runs the node: answered on loopback only.</summary>
public sealed class AdminRpc(ChainReader reader) : AdminService.AdminServiceBase
{
    public override Task<Protos.V1.SupplyAudit> AuditSupply(AuditSupplyRequest request, ServerCallContext context)
    {
        if (context.GetHttpContext().Connection.RemoteIpAddress is not { } caller || !IPAddress.IsLoopback(caller))
            throw new RpcException(new Status(StatusCode.PermissionDenied, "Admin calls are answered on loopback only."));
        (ulong height, SupplyAudit audit) = reader.AuditSupply();
        return Task.FromResult(new Protos.V1.SupplyAudit
        {
            Height = height,
            Balances = Shown(audit.Balances),
            Pools = Shown(audit.Pools),
            Treasury = Shown(audit.Treasury),
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

    // A sum that does not fit is a broken state, which `conserved` reports; it is shown as the largest number.
    private static ulong Shown(UInt128 sum) => (ulong)UInt128.Min(sum, ulong.MaxValue);
}
