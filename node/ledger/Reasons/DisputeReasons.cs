using System.Collections.Immutable;
using static AppChain.Ledger.ReasonEntry;

namespace AppChain.Ledger;

/// <summary>The reasons of accusations, answers and rulings.</summary>
internal static class DisputeReasons
{
    public static ImmutableArray<ReasonEntry> All { get; } =
    [
        AtDecode(Reason.UnknownSubjectKind, "The kind of the accused is none that the chain knows. Use 1 (device), 2 (manufacturer) or 3 (validator)."),
        AtDecode(Reason.EvidenceInvalid, "An accusation names exactly one piece of evidence: the hash of a document, or the id of a transaction."),
        AtDecode(Reason.StatementTooLong, "The statement is longer than 512 bytes in UTF-8. Put the rest into a document, and name its hash."),

        AtAdmission(Reason.UnknownDispute, "There is no dispute of this number."),
        AtAdmission(Reason.DisputeClosed, "The dispute is closed: it was ruled on, or released at its deadline."),
        AtAdmission(Reason.UnknownSubject, "There is nothing of this kind at this address that could be accused."),
        AtAdmission(Reason.AlreadyAccused, "No longer used: an account may accuse as often as it bonds."),
        AtAdmission(Reason.TooManyDisputes, "No longer used: there may be any number of disputes about a subject, so that nobody is kept out."),
        AtAdmission(Reason.NotTheAccused, "Only who is accused may answer: the owner of the device, the manufacturer, or the validator."),
        AtAdmission(Reason.AlreadyAnswered, "The accusation was answered before. An answer stands."),

        AtExecution(Reason.AnswerTooLate, "The time for an answer has passed."),
    ];
}
