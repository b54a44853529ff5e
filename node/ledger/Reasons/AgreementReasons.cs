using System.Collections.Immutable;
using static AppChain.Ledger.ReasonEntry;

namespace AppChain.Ledger;

/// <summary>The reasons of deals and jobs, of all stages: 540 to 579.</summary>
internal static class AgreementReasons
{
    public static ImmutableArray<ReasonEntry> All { get; } =
    [
        AtDecode(Reason.DealOutOfBounds,
            "A deal has a file of 1 to 2,147,483,647 chunks of 1 to 1,024 bytes, a price and a number of windows above zero, and costs at most as many credits as there can be."),
        AtDecode(Reason.ShownChunksInvalid, "A storage proof shows 1 to 16 chunks, ascending by index and each once, with paths of 32-byte hashes."),

        AtAdmission(Reason.NotOfThisKind, "The service is of another kind: it takes no such message."),
        AtAdmission(Reason.DealOutsideTerms, "The deal's chunks are larger than the service allows, or it has more windows than the chain allows."),
        AtAdmission(Reason.BondTooSmall,
            "The device's bond is smaller than the service asks for, because of it was burned. It can leave the service when its work is done, and enrol again."),
        AtAdmission(Reason.UnknownDeal, "There is no such deal. It may have ended."),
        AtAdmission(Reason.NotAPartyOfDeal, "Only the client of a deal and the owner of its device can cancel it."),
        AtAdmission(Reason.DealEndsAlready, "The deal's last window runs, and the deal ends with it."),
        AtAdmission(Reason.WorkIsOpen, "The device has open deals or jobs in this service, for which its bond is pledged. Let them end, or cancel them, and withdraw it then."),

        AtExecution(Reason.NotSignedByDevice, "The second signature is not of the device's present key. Have the device sign the deal."),

        AsVerdict(Reason.NoOpenDeal, "There is no deal of this id that the device keeps a file for. It may have ended."),
        AsVerdict(Reason.WindowNotOpen, "The deal's window of this number is over or has not begun. Show what the present one has drawn."),
        AsVerdict(Reason.ChunkNotDrawn, "One of the chunks was not drawn in this window."),
        AsVerdict(Reason.ChunkDiffers, "The bytes and the path of one of the chunks do not lead to the deal's root, or the chunk is longer than the deal says."),
        AsVerdict(Reason.ChunksShownBefore, "All of these chunks were shown in this window before."),

        AtDecode(Reason.JobOutOfBounds, "A job has a price above zero, and two of it are at most as many credits as there can be."),
        AtAdmission(Reason.UnknownJob, "There is no such job. It may have ended."),
        AtAdmission(Reason.NotTheJobsClient, "Only the client of a job can open its seal."),
        AtExecution(Reason.SealUntimely, "The seal is opened once, while the workers reveal."),
        AtExecution(Reason.SealDiffers, "This is not what the job's seal holds."),
        AsVerdict(Reason.NoOpenJob, "There is no job of this id in the service. It may have ended."),
        AsVerdict(Reason.OffersClosed, "The time for offers is over."),
        AsVerdict(Reason.OwnJob, "The device's own owner has posted the job. Devices of others compute it."),
        AsVerdict(Reason.BondShort, "The device's bond is smaller than the service asks for, because of it was burned."),
        AsVerdict(Reason.OwnerHasOffered, "A device of the same owner has offered for the job: nobody checks himself."),
        AsVerdict(Reason.OffersFull, "The job has all the offers that it takes."),
        AsVerdict(Reason.NotAsked, "The job does not wait for a commitment of this device: it was not drawn, has committed, or its time is over."),
        AsVerdict(Reason.NothingToReveal, "The job does not wait for this device to reveal: it has not committed, has revealed, or it is not the time."),
        AsVerdict(Reason.CommitmentDiffers, "This is not what the device committed to. The right result may still come."),
        AsVerdict(Reason.ResultContradicted, "Another result holds. It costs a part of the bond."),
        AsVerdict(Reason.ResultNotRevealed, "The device committed to a result and did not reveal it in time. It costs a part of the bond."),
        AsVerdict(Reason.JobUndecided, "No two results agreed, and no more workers could be asked. Nobody is paid, and nobody loses."),

        AsVerdict(Reason.ProvenByVouchers, "A service of kind data-transfer takes no proofs: vouchers that payer and device sign are what counts. Redeem them."),
    ];
}
