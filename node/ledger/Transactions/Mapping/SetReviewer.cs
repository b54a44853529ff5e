using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// The owner of a device of a mapping service offers that it reviews images, or takes that back. Reviews that it was asked for before go
/// on.
/// </summary>
/// <param name="Device">The device.</param>
/// <param name="Service">The service that it works for.</param>
/// <param name="Reviews">Whether it reviews from now on.</param>
public sealed record SetReviewer(Address Device, uint Service, bool Reviews) : Message
{
    internal const int Number = 94;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Identity;

    internal override IEnumerable<Decision> Decides(Address signer) => [new Decision(StateKey.Reviewers(Service), Device)];

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Address(1, Device);
        writer.UInt64(2, Service);
        writer.UInt64(3, Reviews ? 1UL : 0);
        return writer.ToArray();
    }

    internal static SetReviewer Read(ref WireReader reader) => new(reader.Address(1), reader.UInt32(2), reader.Flag(3));

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        Reason reason = Reviews ? DeviceOwnership.CheckVouchedFor(state, Device, signer, out _) : DeviceOwnership.Check(state, Device, signer);
        if (reason != Reason.None)
            return reason;
        if (ServiceRecord.Find(state, Service)?.Kind != ProofKind.Mapping)
            return Reason.NotOfThisKind;
        if (Reviews && DeviceRecord.Get(state, Device).In(Service) is not { Leaving: false })
            return Reason.NotEnrolled;
        return ReviewersRecord.Get(state, Service).Devices.Contains(Device) == Reviews ? Reason.ReviewerUnchanged : Reason.None;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        ImmutableArray<Address> reviewers = ReviewersRecord.Get(session, Service).Devices;
        if (Reviews)
        {
            ServiceRecord service = session.Service(Service);
            if (!ImageReviews.CanReview(session, service, Device))
                return new Outcome(Reason.BondShort);
            // Those who have left since, or lost too much of their bond, are forgotten here too: their places are free.
            reviewers = [.. reviewers.Where(device => ImageReviews.CanReview(session, service, device))];
            if (reviewers.Any(device => DeviceRecord.Get(session, device).Owner == transaction.Body.Signer))
                return new Outcome(Reason.OwnerReviews);
            if (reviewers.Length >= ReviewersRecord.DevicesMax)
                return new Outcome(Reason.ReviewersFull);
            reviewers = reviewers.Add(Device);
        }
        else
        {
            reviewers = reviewers.Remove(Device);
        }
        ReviewersRecord.Put(session, Service, reviewers);
        session.Touch(StateKind.Device, Device);
        return Outcome.Applied;
    }
}
