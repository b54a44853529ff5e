using System;
using System.Collections.Generic;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What a transaction asks for. Each kind has one file with its record, its encoding, its checks and its execution.</summary>
public abstract record Message
{
    private protected Message()
    {
    }

    /// <summary>The message's field number in the body.</summary>
    internal abstract int Field { get; }

    /// <summary>What room and fee it has.</summary>
    internal abstract TransactionClass Class { get; }

    /// <summary>The signatures that a transaction with this message carries, the signer's included.</summary>
    internal virtual int SignatureCount => 1;

    /// <summary>
    /// True if the signer is a device, whose sequence window is its own and apart from an account's, and whose key is the one of its
    /// record: the signer's address is that of the key it was registered with, which may have been replaced since.
    /// </summary>
    internal virtual bool SignedByDevice => false;

    /// <summary>The service whose sponsor pays the fee if it can, or null: the signer pays.</summary>
    /// <remarks>Only for a service that the signer's device works for or is about to: nobody spends the pool of another one.</remarks>
    internal virtual uint? SponsoredBy(ILedgerState state, Address signer) => null;

    /// <summary>The service whose demand the fee counts as when an account pays it: that of somebody who uses it. Null: the fee is no demand.</summary>
    internal virtual uint? Uses => null;

    /// <summary>Credits that executing the message now would certainly bring its signer, who may pay the fee with them.</summary>
    internal virtual Credits Brings(ILedgerState state, Address signer, ulong nowMs) => Credits.Zero;

    /// <summary>What executing the message takes from its signer, its fee apart.</summary>
    internal virtual Spending Spends(ILedgerState state) => default;

    /// <summary>What the message decides, so that another one that decides the same would be skipped after it. For a node's pool.</summary>
    internal virtual IEnumerable<Decision> Decides(Address signer) => [];

    /// <summary>The message's own fields.</summary>
    internal abstract byte[] Encode();

    /// <summary>What the transaction's bytes alone must satisfy.</summary>
    internal virtual Reason CheckShape(Transaction transaction) => Reason.None;

    /// <summary>Signatures inside the message, beyond those of the transaction.</summary>
    internal virtual void CollectSignatures(ChainId chainId, List<SignatureCheck> checks)
    {
    }

    /// <summary>What the state must satisfy before execution. Ingress and execution ask the same; nothing is changed.</summary>
    internal abstract Reason Admit(ILedgerState state, Address signer);

    /// <summary>Applies an admitted message whose sequence number is taken. A failure must leave the session as it was.</summary>
    internal abstract Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context);

    /// <summary>Reads the message of a body, which must be the body's last field.</summary>
    internal static Message? ReadFrom(ref WireReader body)
    {
        int field = (int)body.PeekField();
        body.TryElement(field, out ReadOnlySpan<byte> bytes);
        if (body.Finish() != Reason.None)
            return null;
        WireReader reader = new(bytes);
        Message? message = field switch
        {
            Transfer.Number => Transfer.Read(ref reader),
            RegisterDevice.Number => RegisterDevice.Read(ref reader),
            SubmitProof.Number => SubmitProof.Read(ref reader),
            MintRewards.Number => MintRewards.Read(ref reader),
            FundSponsor.Number => FundSponsor.Read(ref reader),
            EnrollDevice.Number => EnrollDevice.Read(ref reader),
            WithdrawDevice.Number => WithdrawDevice.Read(ref reader),
            AssertLocation.Number => AssertLocation.Read(ref reader),
            TransferDevice.Number => TransferDevice.Read(ref reader),
            RotateDeviceKey.Number => RotateDeviceKey.Read(ref reader),
            SetPayout.Number => SetPayout.Read(ref reader),
            RevokeDevices.Number => RevokeDevices.Read(ref reader),
            UpdateManufacturer.Number => UpdateManufacturer.Read(ref reader),
            CreateService.Number => CreateService.Read(ref reader),
            UpdateService.Number => UpdateService.Read(ref reader),
            BurnForCredits.Number => BurnForCredits.Read(ref reader),
            OpenChannel.Number => OpenChannel.Read(ref reader),
            RedeemVoucher.Number => RedeemVoucher.Read(ref reader),
            CloseChannel.Number => CloseChannel.Read(ref reader),
            DisputeChannel.Number => DisputeChannel.Read(ref reader),
            SubmitPrice.Number => SubmitPrice.Read(ref reader),
            BondStake.Number => BondStake.Read(ref reader),
            UnbondStake.Number => UnbondStake.Read(ref reader),
            DelegateStake.Number => DelegateStake.Read(ref reader),
            UpdateValidator.Number => UpdateValidator.Read(ref reader),
            SubmitEvidence.Number => SubmitEvidence.Read(ref reader),
            Unjail.Number => new Unjail(),
            Propose.Number => Propose.Read(ref reader),
            CastVote.Number => CastVote.Read(ref reader),
            Accuse.Number => Accuse.Read(ref reader),
            AnswerAccusation.Number => AnswerAccusation.Read(ref reader),
            ConnectMeter.Number => ConnectMeter.Read(ref reader),
            OfferEnergy.Number => OfferEnergy.Read(ref reader),
            MatchEnergy.Number => MatchEnergy.Read(ref reader),
            CallGridEvent.Number => CallGridEvent.Read(ref reader),
            SetReviewer.Number => SetReviewer.Read(ref reader),
            BuyTile.Number => BuyTile.Read(ref reader),
            OpenDeal.Number => OpenDeal.Read(ref reader),
            CancelDeal.Number => CancelDeal.Read(ref reader),
            PostJob.Number => PostJob.Read(ref reader),
            OpenSeal.Number => OpenSeal.Read(ref reader),
            SubmitProofBatch.Number => SubmitProofBatch.Read(ref reader),
            OpenProofs.Number => OpenProofs.Read(ref reader),
            _ => null,
        };
        body.Fail(message is null ? Reason.UnknownMessage : reader.Finish());
        return message;
    }
}

/// <summary>What became of an admitted message.</summary>
internal readonly record struct Outcome(Reason Reason, Verdict? Verdict = null)
{
    public static Outcome Applied => default;
}
