using AppChain.Crypto;
using AppChain.Protos.V1;
using Google.Protobuf;
using Grpc.Core;

namespace AppChain.Client;

/// <summary>What one node answers about proposals, votes, parameters, upgrades and disputes. NOT_FOUND is thrown as <see cref="RpcException"/>.</summary>
public sealed class GovernanceClient
{
    private readonly GovernanceService.GovernanceServiceClient service;
    private readonly Func<CancellationToken, CallOptions> options;

    internal GovernanceClient(CallInvoker invoker, Func<CancellationToken, CallOptions> options)
    {
        service = new GovernanceService.GovernanceServiceClient(invoker);
        this.options = options;
    }

    public Task<Proposal> GetProposalAsync(ulong number, CancellationToken cancellation = default) =>
        service.GetProposalAsync(new GetProposalRequest { Number = number }, options(cancellation)).ResponseAsync;

    /// <summary>A page of proposals, newest first.</summary>
    /// <param name="size">At most 100; 0: 20.</param>
    /// <param name="before">Only those with lower numbers; 0: from the newest on.</param>
    public Task<ListProposalsResponse> ListProposalsAsync(uint size = 0, ulong before = 0, CancellationToken cancellation = default) =>
        service.ListProposalsAsync(new ListProposalsRequest { PageSize = size, Before = before }, options(cancellation)).ResponseAsync;

    /// <summary>What an account votes with, and its votes on what is open.</summary>
    public Task<Voter> GetVoterAsync(Address voter, CancellationToken cancellation = default) =>
        service.GetVoterAsync(new GetVoterRequest { Address = Bytes(voter) }, options(cancellation)).ResponseAsync;

    public Task<ListParametersResponse> ListParametersAsync(CancellationToken cancellation = default) =>
        service.ListParametersAsync(new ListParametersRequest(), options(cancellation)).ResponseAsync;

    public Task<Upgrade> GetUpgradeAsync(CancellationToken cancellation = default) =>
        service.GetUpgradeAsync(new GetUpgradeRequest(), options(cancellation)).ResponseAsync;

    public Task<Dispute> GetDisputeAsync(ulong number, CancellationToken cancellation = default) =>
        service.GetDisputeAsync(new GetDisputeRequest { Number = number }, options(cancellation)).ResponseAsync;

    /// <summary>What is held back of a subject, and the open disputes about it.</summary>
    public Task<Accused> GetAccusedAsync(SubjectKind kind, Address subject, CancellationToken cancellation = default) =>
        service.GetAccusedAsync(new GetAccusedRequest { Kind = kind, Subject = Bytes(subject) }, options(cancellation)).ResponseAsync;

    private static ByteString Bytes(Address address) => ByteString.CopyFrom(address.Bytes);
}
