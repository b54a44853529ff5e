using AppChain.Ledger;
using AppChain.Node.Driver;
using AppChain.Protos.V1;
using Google.Protobuf;
using Grpc.Core;
using Wire = AppChain.Protos.V1;

namespace AppChain.Node.Rpc;

/// <summary>Answers questions about proposals, votes, parameters, upgrades and disputes, from the state after the last final block.</summary>
/// <param name="protocol">The latest rules that this program knows.</param>
public sealed class GovernanceRpc(ChainReader reader, uint protocol) : GovernanceService.GovernanceServiceBase
{
    public override Task<Proposal> GetProposal(GetProposalRequest request, ServerCallContext context) =>
        Answer.With(() => GovernanceForm.Of(GovernanceQueries.Proposal(reader.State, request.Number)
            ?? throw Refusals.NotFound($"There is no proposal {request.Number}; ListProposals lists them.")));

    public override Task<ListProposalsResponse> ListProposals(ListProposalsRequest request, ServerCallContext context) => Answer.With(() =>
    {
        int size = Pages.SizeOf(request.PageSize, NodeLimits.PageMax);
        ListProposalsResponse response = new();
        response.Proposals.AddRange(GovernanceQueries.ProposalsBefore(reader.State, request.Before).Take(size).Select(GovernanceForm.Of));
        response.NextBefore = response.Proposals.LastOrDefault() is { Number: > 1 and var last } ? last : 0;
        return response;
    });

    public override Task<Voter> GetVoter(GetVoterRequest request, ServerCallContext context) => Answer.With(() =>
    {
        LedgerState state = reader.State;
        (Amount power, IReadOnlyList<Ballot> ballots) = GovernanceQueries.Voter(state, AddressOf(request.Address));
        Voter voter = new() { Address = request.Address, Power = power.Grains, Height = state.Height };
        voter.Ballots.AddRange(ballots.Select(ballot => new VoterBallot
        {
            Proposal = ballot.Proposal,
            Choice = (Wire.VoteChoice)ballot.Choice,
            Weight = ballot.Weight.Grains,
        }));
        return voter;
    });

    public override Task<ListParametersResponse> ListParameters(ListParametersRequest request, ServerCallContext context) => Answer.With(() =>
    {
        ParametersRecord values = LedgerQueries.Parameters(reader.State);
        ListParametersResponse response = new();
        response.Parameters.AddRange(Parameters.All.Select(entry => GovernanceForm.Of(entry, values[entry.Parameter])));
        return response;
    });

    public override Task<Upgrade> GetUpgrade(GetUpgradeRequest request, ServerCallContext context) => Answer.With(() =>
    {
        LedgerState state = reader.State;
        UpgradePlan? plan = ProtocolRecord.Get(state).Plan;
        return new Upgrade
        {
            Version = ProtocolVersion.NeededAt(state, state.Height + 1),
            PlannedHeight = plan?.Height ?? 0,
            PlannedVersion = plan?.Version ?? 0,
            Supported = protocol,
            Height = state.Height,
        };
    });

    public override Task<Dispute> GetDispute(GetDisputeRequest request, ServerCallContext context) =>
        Answer.With(() => GovernanceForm.Of(request.Number, DisputeRecord.Find(reader.State, request.Number)
            ?? throw Refusals.NotFound($"There is no dispute {request.Number}.")));

    public override Task<Accused> GetAccused(GetAccusedRequest request, ServerCallContext context) => Answer.With(() =>
    {
        if (!Enum.IsDefined((Ledger.SubjectKind)request.Kind))
            throw Refusals.BadArgument("kind: expected a device, a manufacturer or a validator");
        Subject subject = new((Ledger.SubjectKind)request.Kind, AddressOf(request.Subject));
        AccusedRecord record = AccusedRecord.Find(reader.State, subject) ?? throw Refusals.NotFound("No dispute about it is open.");
        Accused accused = new() { Held = record.Held.Grains, Open = record.Open };
        accused.Disputes.AddRange(OpenOf(record).Reverse());
        return accused;
    });

    // The newest first. Anybody may add some: no more than a page is looked through.
    private IEnumerable<ulong> OpenOf(AccusedRecord accused)
    {
        ulong number = accused.Last;
        for (int looked = 0; number != 0 && looked < NodeLimits.PageMax; looked++)
        {
            DisputeRecord? dispute = DisputeRecord.Find(reader.State, number);
            if (dispute?.Status == Ledger.DisputeStatus.Open)
                yield return number;
            number = dispute?.Previous ?? 0;
        }
    }

    private static Crypto.Address AddressOf(ByteString bytes) => bytes.Length == Crypto.Address.Size
        ? new Crypto.Address(bytes.Span)
        : throw Refusals.BadArgument($"address: expected {Crypto.Address.Size} bytes, got {bytes.Length}");
}
