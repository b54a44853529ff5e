using System.Collections.Immutable;
using static AppChain.Ledger.ReasonEntry;

namespace AppChain.Ledger;

/// <summary>The reasons of devices, manufacturers and services.</summary>
internal static class IdentityReasons
{
    public static ImmutableArray<ReasonEntry> All { get; } =
    [
        AtDecode(Reason.BuyerMismatch, "The second signature is not the buyer's. Have the buyer whom the message names sign as well."),
        AtDecode(Reason.SharesWrong,
            "The payees are more than 4, or one is there twice or has no share, or the shares do not add up to 1,000,000 parts per million. Correct them."),
        AtDecode(Reason.AttestationIncomplete,
            "Of an attestation, some parts are there and others are not. Give manufacturer, batch and signature together, or none of them."),
        AtDecode(Reason.RootsWrong, "A manufacturer has 1 to 4 keys, each once. Name them all."),
        AtDecode(Reason.ServiceOutOfBounds,
            "The definition of the service lies outside its bounds: name, kind, rules version, times, endpoint, manufacturers or metrics. "
            + "The ledger's page on services lists the bounds."),

        AtAdmission(Reason.DeviceRevoked,
            "The manufacturer has taken back its word for this device or its batch. What it earned before stays. Ask the manufacturer."),
        AtAdmission(Reason.NotTheDevicesKey, "The first signature's key is not the one that the device has now. Sign with its present key."),
        AtAdmission(Reason.NoSuchDevice, "No device with this address is registered. Register it first, or wait until its registration is final."),
        AtAdmission(Reason.NotTheOwner, "The signer does not own the device. Its owner must sign."),
        AtAdmission(Reason.AttestationNotByRoot,
            "The attestation's key is none of the manufacturer's. Use the attestation that came with the device, or ask for one by a present key."),
        AtAdmission(Reason.AttestationRequired,
            "A manufacturer must vouch for the device's key here. Give the attestation that came with it, or choose a service that asks for none."),
        AtAdmission(Reason.AttestationOfAnotherBatch,
            "The attestation for the new key names another manufacturer or batch than the device has. Ask its manufacturer for one of the same batch."),
        AtAdmission(Reason.DeviceKeyInUse, "The key is or was a device's. A key serves one device, once: make a new one."),
        AtAdmission(Reason.AlreadyEnrolled,
            "The device works for this service already, or is still leaving it. Nothing is left to do, or wait until its withdrawal is over."),
        AtAdmission(Reason.TooManyEnrollments, "A device works for at most 8 services at a time. Withdraw it from one first."),
        AtAdmission(Reason.NotEnrolled, "The device does not work for this service. Nothing is left to do."),
        AtAdmission(Reason.AlreadyLeaving, "The device was withdrawn from this service before. Wait until the delay is over."),
        AtAdmission(Reason.DeviceBondNotCovered, "The owner's balance is below the bond that the service asks for a device. Have tokens sent to the owner."),
        AtAdmission(Reason.NotTheManufacturer, "The signer does not decide for this manufacturer, or the device is none of its own. Its admin must sign."),
        AtAdmission(Reason.AlreadyRevoked, "The device or the batch is revoked already. Nothing is left to do."),
        AtAdmission(Reason.TooManyServices, "The chain has as many services as it can have. Work with one of them."),
        AtAdmission(Reason.NotTheServicesOwner, "The signer does not own the service. Its owner must sign; a service of genesis changes by vote only."),
        AtAdmission(Reason.ServiceKindFixed, "A service never changes its kind of proofs. Create another service."),
        AtAdmission(Reason.ServiceBondNotCovered, "The balance is below the bond of a new service. Have tokens sent to the account."),
        AtAdmission(Reason.ServiceIsRewarded,
            "A vote has given the service a share of the rewards for the rules that it has. Only a vote changes them now: propose service-rules."),

        AtExecution(Reason.BuyerCannotPay, "The buyer's balance is below the price of the device. Agree on a lower price, or wait for incoming tokens."),
        AtExecution(Reason.DeviceAccused,
            "The device is accused, and what it earns is held back for those who share it now. Wait until the dispute is closed."),
    ];
}
