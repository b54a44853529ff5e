using AppChain.Node.Cli;
using AppChain.Node.Snapshots;
using AppChain.Protos.V1;
using Grpc.Core;
using Status = Grpc.Core.Status;
using SupplyAudit = AppChain.Ledger.SupplyAudit;

namespace AppChain.Node.Rpc;

/// <summary>For whoever runs the node.</summary>
/// <param name="require">Ends the call of anybody else: see <see cref="Admin.AdminAccess"/>.</param>
internal sealed class AdminRpc(ChainReader reader, LiveSnapshots snapshots, Action<ServerCallContext> require) : AdminService.AdminServiceBase
{
    public override Task<Protos.V1.SupplyAudit> AuditSupply(AuditSupplyRequest request, ServerCallContext context)
    {
        require(context);
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
        require(context);
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

    // A sum that does not fit is a broken state, which `conserved` reports; it is shown as the largest number.
    private static ulong Shown(UInt128 sum) => (ulong)UInt128.Min(sum, ulong.MaxValue);
}
