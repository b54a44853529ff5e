using System.Collections.Immutable;
using static AppChain.Ledger.ReasonEntry;

namespace AppChain.Ledger;

/// <summary>The reasons of validators and stake.</summary>
internal static class StakeReasons
{
    public static ImmutableArray<ReasonEntry> All { get; } =
    [
        AtDecode(Reason.ConsensusKeyMismatch,
            "The second signature is not of the consensus key in the message. Sign with that key too: it proves that you hold it."),
        AtDecode(Reason.ProfileWithoutKey,
            "The message names a moniker, an address or a commission but no consensus key. To raise a validator's stake send the amount alone."),
        AtDecode(Reason.MonikerTooLong, "The moniker is longer than 64 bytes. Choose a shorter one."),
        AtDecode(Reason.BadNetworkAddress,
            "The network address is not HOST:PORT of at most 64 printable ASCII characters. Write it as 192.0.2.7:26601 or [2001:db8::7]:26601."),
        AtDecode(Reason.CommissionTooHigh, "The commission is above 1,000,000 parts per million, which is all. Choose less."),
        AtDecode(Reason.NoContradiction,
            "The two votes do not contradict each other: one validator may have cast both. Evidence is two notarize or two finalize votes "
            + "for different blocks of one view, or a nullify and a finalize of one view."),
        AtAdmission(Reason.EvidenceOutOfTime,
            "The votes are of an epoch of consensus that has not come yet, or that ended longer ago than the unbonding delay. Nothing is left to do."),
        AtAdmission(Reason.UnknownValidator, "There is no validator of this operator, or of the key of the evidence. Ask for the list of validators."),
        AtAdmission(Reason.AlreadyValidator, "The signer operates a validator already. Leave the consensus key out to raise its stake, or update it."),
        AtAdmission(Reason.ConsensusKeyTaken, "The consensus key is, or was, a validator's. Make a new one."),
        AtAdmission(Reason.StakeBelowMinimum, "A new validator must bond at least the minimum stake (parameter stakeMin). Bond more."),
        AtAdmission(Reason.NoRoomForValidator,
            "The chain knows as many validators as it can, and each has at least as much stake. Bond more than the smallest of them."),
        AtAdmission(Reason.ValidatorTombstoned,
            "The validator contradicted itself or was found guilty, and its operator is out for good. Its stake can only be taken out."),
        AtAdmission(Reason.NothingBonded, "The signer has nothing bonded with this validator. Ask for the signer's stake."),
        AtAdmission(Reason.TooManyPositions, "The signer has stake with 16 validators already. Add to one of these, or leave one first."),
        AtAdmission(Reason.NotJailed, "The signer's validator is not jailed. Nothing is left to do."),
        AtExecution(Reason.MoreThanBonded, "The amount is more than the signer has bonded with this validator. Take out less, or leave the amount out to take out all."),
        AtExecution(Reason.StillJailed, "The validator's time in jail is not over. Wait until the time that its record shows."),
        AtExecution(Reason.CommissionChangeTooLarge,
            "The commission changes by more than one reward epoch allows (parameter commissionChangeMax). Change it in steps."),
        AtExecution(Reason.CommissionChangedAlready, "The commission has changed in this reward epoch. Wait for the next one."),
        AtExecution(Reason.KeyChangedAlready, "The consensus key has changed in this reward epoch. Wait for the next one."),
    ];
}
