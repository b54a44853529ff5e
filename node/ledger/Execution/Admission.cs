using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What ingress and execution both ask of a transaction, against the state that each has.</summary>
public static class Admission
{
    /// <summary>Checks lifetime, sequence number, signer, what the message asks of the state, and the fee. Changes nothing.</summary>
    /// <param name="state">Ingress: the last executed state. Execution: the block's own.</param>
    /// <param name="transaction">Decoded; its signatures are verified elsewhere, many at once.</param>
    /// <param name="nowMs">Unix time in ms. Ingress: the node's clock. Execution: the block's time.</param>
    /// <param name="fee">What it costs and who pays, unless it is refused before that is asked.</param>
    /// <returns><see cref="Reason.None"/>, or a reason of stage admission.</returns>
    public static Reason Check(ILedgerState state, Transaction transaction, ulong nowMs, out FeeQuote fee)
    {
        fee = default;
        Body body = transaction.Body;
        if (nowMs > body.ValidUntilMs)
            return Reason.Expired;
        if (body.ValidUntilMs - nowMs > ParametersRecord.Get(state).TransactionLifetimeMaxMs)
            return Reason.ValidUntilTooFar;
        Reason reason = CheckSigner(state, transaction, out SequenceWindow window);
        if (reason == Reason.None)
            reason = window.Check(body.Sequence);
        if (reason == Reason.None)
            reason = body.Message.Admit(state, body.Signer);
        if (reason != Reason.None)
            return reason;
        fee = Fee.Quote(state, transaction, nowMs);
        return fee.Reason;
    }

    /// <summary>Uses up the sequence number of an admitted transaction.</summary>
    internal static void UseSequence(LedgerSession session, Body body)
    {
        if (body.Message.SignedByDevice)
        {
            DeviceRecord device = DeviceRecord.Get(session, body.Signer);
            session.PutDevice(body.Signer, device, device with { Window = device.Window.Use(body.Sequence) });
        }
        else
        {
            AccountRecord account = AccountRecord.Get(session, body.Signer);
            session.PutAccount(body.Signer, account with { Window = account.Window.Use(body.Sequence) });
        }
    }

    // The message decides which window counts, not what the signer happens to be: a key that signs first as an account and is
    // registered as a device later must not start again with numbers that it has used.
    private static Reason CheckSigner(ILedgerState state, Transaction transaction, out SequenceWindow window)
    {
        Address signer = transaction.Body.Signer;
        if (!transaction.Body.Message.SignedByDevice)
        {
            window = AccountRecord.Get(state, signer).Window;
            return Reason.None;
        }
        DeviceRecord? device = DeviceRecord.Find(state, signer);
        window = device?.Window ?? default;
        if (device is null)
            return Reason.UnknownDevice;
        if (!transaction.Signatures[0].IsOf(device.Scheme, device.PublicKey.Span))
            return Reason.NotTheDevicesKey;
        return DeviceOwnership.IsRevoked(state, device) ? Reason.DeviceRevoked : Reason.None;
    }
}
