using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Protos.V1;
using Google.Protobuf;
using Wire = AppChain.Protos.V1;

namespace AppChain.Node.Rpc;

/// <summary>The records of governance and disputes as clients see them.</summary>
internal static class GovernanceForm
{
    public static Proposal Of(ProposalView view)
    {
        ProposalRecord proposal = view.Proposal;
        return new Proposal
        {
            Number = view.Number,
            Proposer = WireForm.Bytes(proposal.Proposer),
            Content = Wire.Propose.Parser.ParseFrom(view.Content),
            Deposit = proposal.Deposit.Grains,
            DepositBurned = proposal.DepositBurned,
            SubmittedMs = proposal.SubmittedMs,
            EndMs = proposal.EndMs,
            ExecuteMs = proposal.ExecuteMs,
            Status = (Wire.ProposalStatus)proposal.Status,
            Yes = proposal.Votes.Yes.Grains,
            No = proposal.Votes.No.Grains,
            Abstain = proposal.Votes.Abstain.Grains,
            Bonded = view.Bonded.Grains,
            Failure = proposal.Failure == Reason.None ? "" : proposal.Failure.Name(),
            FailureExplanation = proposal.Failure == Reason.None ? "" : proposal.Failure.Explanation(),
        };
    }

    public static ParameterValue Of(ParameterEntry entry, ulong value) => new()
    {
        Number = (uint)entry.Parameter,
        Name = entry.Name,
        Unit = entry.Unit,
        Value = value,
        Minimum = entry.Minimum,
        Maximum = entry.Maximum,
        DefaultValue = entry.Default,
        Fixed = entry.Fixed,
        Explanation = entry.Explanation,
    };

    public static Dispute Of(ulong number, DisputeRecord dispute) => new()
    {
        Number = number,
        Accuser = WireForm.Bytes(dispute.Accuser),
        Kind = (Wire.SubjectKind)dispute.Subject.Kind,
        Subject = WireForm.Bytes(dispute.Subject.Address),
        Bond = dispute.Bond.Grains,
        OpenedMs = dispute.OpenedMs,
        AnswerByMs = dispute.AnswerByMs,
        DeadlineMs = dispute.DeadlineMs,
        Accusation = WireForm.Bytes(dispute.Accusation),
        Answer = dispute.Answer == Hash256.Zero ? ByteString.Empty : WireForm.Bytes(dispute.Answer),
        Status = (Wire.DisputeStatus)dispute.Status,
        Slashed = dispute.Slashed.Grains,
        Previous = dispute.Previous,
    };
}
