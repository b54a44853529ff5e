using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Client;

/// <summary>Where a device stands.</summary>
/// <param name="LatitudeE7">Degrees × 10^7, north positive.</param>
/// <param name="LongitudeE7">Degrees × 10^7, east positive.</param>
/// <param name="AltitudeCm">Above sea level.</param>
public readonly record struct DevicePlace(int LatitudeE7, int LongitudeE7, int AltitudeCm = 0);

/// <summary>
/// An account that acts: numbers, signs and submits its transactions, and waits until each is final. Any number of calls may run at a time;
/// no more than the chain's sequence window allows are under way.
/// </summary>
/// <param name="key">The account's key. It stays the caller's, who disposes it after the wallet.</param>
public sealed partial class Wallet(NodeClient node, ChainId chain, PrivateKey key, TimeProvider? time = null) : IDisposable
{
    private readonly TimeProvider time = time ?? TimeProvider.System;
    private readonly SemaphoreSlim window = new(ClientLimits.ProofsInFlightMax);
    private readonly SemaphoreSlim numbering = new(1);
    private ulong nextSequence; // 0: not asked yet

    /// <summary>The account's address.</summary>
    public Address Address => key.Address;

    /// <summary>Moves tokens to another account.</summary>
    public Task<SubmitResult> TransferAsync(Address to, Amount amount, CancellationToken cancellation = default) =>
        SubmitAsync(new Transfer(to, amount), [key], cancellation);

    /// <summary>Registers a device under this account. The device signs too: it proves that its key exists.</summary>
    /// <param name="attestation">The manufacturer's word for the device's key, as made by <see cref="Attestation.Make"/>; null where a service asks for none.</param>
    public Task<SubmitResult> RegisterDeviceAsync(
        PrivateKey device, uint service, Attestation? attestation, DevicePlace place, CancellationToken cancellation = default)
    {
        RegisterDevice message = new(
            device.Scheme, device.PublicKey.ToArray(), service, attestation,
            place.LatitudeE7, place.LongitudeE7, place.AltitudeCm);
        return SubmitAsync(message, [key, device], cancellation);
    }

    /// <summary>Puts a device of this account to work for one more service.</summary>
    public Task<SubmitResult> EnrollDeviceAsync(Address device, uint service, CancellationToken cancellation = default) =>
        SubmitAsync(new EnrollDevice(device, service), [key], cancellation);

    /// <summary>Takes a device of this account out of a service.</summary>
    public Task<SubmitResult> WithdrawDeviceAsync(Address device, uint service, CancellationToken cancellation = default) =>
        SubmitAsync(new WithdrawDevice(device, service), [key], cancellation);

    /// <summary>Says where a device of this account stands.</summary>
    public Task<SubmitResult> AssertLocationAsync(Address device, DevicePlace place, CancellationToken cancellation = default) =>
        SubmitAsync(new AssertLocation(device, place.LatitudeE7, place.LongitudeE7, place.AltitudeCm), [key], cancellation);

    /// <summary>Hands a device of this account over to a buyer, who signs too, for a price that may be zero.</summary>
    public Task<SubmitResult> TransferDeviceAsync(Address device, PrivateKey buyer, Amount price, CancellationToken cancellation = default) =>
        SubmitAsync(new TransferDevice(device, buyer.Address, price), [key, buyer], cancellation);

    /// <summary>Signs a transfer that the buyer is to sign on another machine, and sends nothing. It uses this account's next number.</summary>
    /// <param name="lifetime">How long the buyer has; the chain allows a day unless a vote said otherwise.</param>
    public async Task<TransferOffer> OfferDeviceAsync(
        Address device, Address buyer, Amount price, TimeSpan lifetime, CancellationToken cancellation = default)
    {
        ulong validUntil = (ulong)(time.GetUtcNow() + lifetime).ToUnixTimeMilliseconds();
        return TransferOffer.Sign(chain, await NextSequenceAsync(cancellation), validUntil, new TransferDevice(device, buyer, price), key);
    }

    /// <summary>Signs a storage deal that the device is to sign on another machine, and sends nothing. It uses this account's next number.</summary>
    /// <param name="lifetime">How long the device has; the chain allows a day unless a vote said otherwise.</param>
    public async Task<DealOffer> OfferDealAsync(OpenDeal terms, TimeSpan lifetime, CancellationToken cancellation = default)
    {
        ulong validUntil = (ulong)(time.GetUtcNow() + lifetime).ToUnixTimeMilliseconds();
        return DealOffer.Sign(chain, await NextSequenceAsync(cancellation), validUntil, terms, key);
    }

    /// <summary>Gives a device of this account another key, which signs too.</summary>
    /// <param name="attestation">The manufacturer's word for the new key; null only if the device has no manufacturer.</param>
    public Task<SubmitResult> RotateDeviceKeyAsync(
        Address device, PrivateKey newKey, Attestation? attestation, CancellationToken cancellation = default) =>
        SubmitAsync(new RotateDeviceKey(device, newKey.Scheme, newKey.PublicKey.ToArray(), attestation), [key, newKey], cancellation);

    /// <summary>Says who shares what a device of this account earns; nobody: this account has all.</summary>
    public Task<SubmitResult> SetPayoutAsync(Address device, IEnumerable<Payee> payees, CancellationToken cancellation = default) =>
        SubmitAsync(new SetPayout(device, payees), [key], cancellation);

    /// <summary>As a manufacturer, takes back its word for one device.</summary>
    public Task<SubmitResult> RevokeDeviceAsync(Address manufacturer, Address device, CancellationToken cancellation = default) =>
        SubmitAsync(new RevokeDevices(manufacturer, device, 0), [key], cancellation);

    /// <summary>As a manufacturer, takes back its word for a whole batch.</summary>
    public Task<SubmitResult> RevokeBatchAsync(Address manufacturer, uint batch, CancellationToken cancellation = default) =>
        SubmitAsync(new RevokeDevices(manufacturer, null, batch), [key], cancellation);

    /// <summary>As a manufacturer's admin, hands over to another admin or changes the keys that attest its devices.</summary>
    /// <param name="roots">1 to 4 different keys: all that count from now on.</param>
    public Task<SubmitResult> UpdateManufacturerAsync(
        Address manufacturer, Address admin, IEnumerable<ManufacturerRoot> roots, CancellationToken cancellation = default) =>
        SubmitAsync(new UpdateManufacturer(manufacturer, admin, roots), [key], cancellation);

    /// <summary>Creates a service of this account's.</summary>
    public Task<SubmitResult> CreateServiceAsync(ServiceDefinition definition, Credits sponsorQuota = default, CancellationToken cancellation = default) =>
        SubmitAsync(new CreateService(definition, sponsorQuota), [key], cancellation);

    /// <summary>Changes a service of this account's from the next reward epoch on, and its sponsor's quota at once.</summary>
    public Task<SubmitResult> UpdateServiceAsync(
        uint service, ServiceDefinition? definition, Credits sponsorQuota = default, CancellationToken cancellation = default) =>
        SubmitAsync(new UpdateService(service, definition, sponsorQuota), [key], cancellation);

    /// <summary>Signs a message that needs no other signature, submits it and waits until it is final.</summary>
    public Task<SubmitResult> SubmitAsync(Message message, CancellationToken cancellation = default) => SubmitAsync(message, [key], cancellation);

    /// <summary>Proposes something to be voted on; the deposit is held until the voting ends.</summary>
    public Task<SubmitResult> ProposeAsync(string title, ProposalAction action, CancellationToken cancellation = default) =>
        SubmitAsync(new Propose(title, action), [key], cancellation);

    /// <summary>Votes with this account's stake; a later vote takes an earlier one's place.</summary>
    public Task<SubmitResult> VoteAsync(ulong proposal, VoteChoice choice, CancellationToken cancellation = default) =>
        SubmitAsync(new CastVote(proposal, choice), [key], cancellation);

    /// <summary>Accuses; the bond is held until the dispute is closed.</summary>
    public Task<SubmitResult> AccuseAsync(Subject subject, Exhibit evidence, string statement, CancellationToken cancellation = default) =>
        SubmitAsync(new Accuse(subject, evidence, statement), [key], cancellation);

    /// <summary>Answers an accusation of a device of this account, or of the manufacturer or validator that this account is.</summary>
    public Task<SubmitResult> AnswerAsync(ulong dispute, Hash256? document, string statement, CancellationToken cancellation = default) =>
        SubmitAsync(new AnswerAccusation(dispute, document, statement), [key], cancellation);

    /// <summary>Signs any message under the next sequence number, submits it and waits until it is final.</summary>
    public async Task<SubmitResult> SubmitAsync(Message message, PrivateKey[] keys, CancellationToken cancellation = default)
    {
        await window.WaitAsync(cancellation);
        try
        {
            ulong sequence = await NextSequenceAsync(cancellation);
            ulong validUntil = (ulong)(time.GetUtcNow() + ClientLimits.TransactionLifetime).ToUnixTimeMilliseconds();
            SignedTransaction signed = SignedTransaction.Create(chain, new Body(key.Address, sequence, validUntil, message), keys);
            SubmitResult result = await node.SubmitAndWaitAsync(signed, cancellation);
            if ((Reason)result.ReasonCode is Reason.SequenceUsed or Reason.SequenceTooOld)
                await ForgetSequenceAsync(cancellation); // another wallet uses the same key: ask the chain before the next one
            return result;
        }
        finally
        {
            window.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        window.Dispose();
        numbering.Dispose();
    }

    private async Task<ulong> NextSequenceAsync(CancellationToken cancellation)
    {
        await numbering.WaitAsync(cancellation);
        try
        {
            if (nextSequence == 0)
                nextSequence = (await node.GetAccountAsync(key.Address, cancellation)).NextSequence;
            return nextSequence++;
        }
        finally
        {
            numbering.Release();
        }
    }

    private async Task ForgetSequenceAsync(CancellationToken cancellation)
    {
        await numbering.WaitAsync(cancellation);
        nextSequence = 0;
        numbering.Release();
    }
}
