using System.Collections.Immutable;
using static AppChain.Ledger.ReasonEntry;

namespace AppChain.Ledger;

/// <summary>The verdicts of kinds of proof that are judged together with those of other devices.</summary>
internal static class ProofReasons
{
    public static ImmutableArray<ReasonEntry> All { get; } =
    [
        AsVerdict(Reason.AwaitsGroup,
            "The proof passed what can be checked at once and waits for what other devices say. Its final verdict comes by itself, in a receipt of its own."),

        AsVerdict(Reason.UnknownChallenge,
            "No block of this time has left entropy, or it is too long ago. Name the time of the first block of a minute, and send the proof at once."),
        AsVerdict(Reason.ChallengeStale, "The beacon comes too late after the entropy that drew the device. Send it sooner."),
        AsVerdict(Reason.CameAfterChallenge,
            "The device was registered, enrolled or moved in the block of the entropy or later. It counts from the next entropy on."),
        AsVerdict(Reason.NotDrawn, "This entropy has not drawn the device. It sends a beacon when one does."),
        AsVerdict(Reason.BeaconOpen, "The device's last beacon is not judged yet. It has one at a time."),
        AsVerdict(Reason.FrequencyOutOfBand, "The frequency is outside the band of the service."),
        AsVerdict(Reason.OwnBeacon, "A device cannot witness its own beacon."),
        AsVerdict(Reason.NoOpenBeacon, "There is no beacon of this device that still takes this. Witnesses come while it is open, the secret once, when they are through."),
        AsVerdict(Reason.SameOwner, "The device that sent the beacon has the same owner. Only devices of others are witnesses."),
        AsVerdict(Reason.WitnessIdle, "The witness has not sent a beacon of its own for too long. It counts again after its next one."),
        AsVerdict(Reason.HeardUntimely, "The time at which the beacon was heard is not between its entropy and its proof. Set the device's clock."),
        AsVerdict(Reason.AlreadyWitnessed, "The device has witnessed this beacon already."),
        AsVerdict(Reason.WitnessNotDrawn, "The beacon had more witnesses than are kept, and entropy drew others. Nothing is wrong with the device."),
        AsVerdict(Reason.FrequencyDiffers, "The beacon was heard at another frequency than it was sent at."),
        AsVerdict(Reason.TooNear, "The witness stands so near that hearing the beacon shows no coverage."),
        AsVerdict(Reason.TooFar, "The witness stands farther away than the beacon can reach. Check both devices' asserted locations."),
        AsVerdict(Reason.TooStrong, "The beacon was heard stronger than free space allows over this distance. Check both devices' asserted locations."),
        AsVerdict(Reason.RevealedTooEarly, "The secret was told while witnesses could still come. It is worth nothing as evidence any more: send it after that."),
        AsVerdict(Reason.SecretDiffers, "This is not the secret that the beacon committed to."),
        AsVerdict(Reason.NotRevealed, "The device that sent the beacon did not tell its secret in time, so that nobody's word could be checked."),
        AsVerdict(Reason.MarkDiffers, "The witness did not know what was in the beacon."),
        AsVerdict(Reason.RevokedSince, "The device's manufacturer took back its word before the beacon was judged."),
        AsVerdict(Reason.NotWitnessed, "No valid witness has heard the beacon."),
    ];
}
