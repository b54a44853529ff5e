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
    ];
}
