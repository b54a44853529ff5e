using System;
using System.Collections.Generic;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>A voucher with both signatures. Whether they verify, and are those of the channel's payer and of the device, is not known here.</summary>
/// <param name="Voucher">What is promised.</param>
/// <param name="Payer">The payer's signature.</param>
/// <param name="Device">The countersignature of the device that served.</param>
public sealed record SignedVoucher(Voucher Voucher, Signature Payer, Signature Device)
{
    /// <summary>The bytes in which vouchers travel off chain: the message of the schema.</summary>
    public byte[] Encode()
    {
        WireWriter writer = new();
        writer.Element(1, Voucher.Encode());
        writer.Element(2, Payer.Encode());
        writer.Element(3, Device.Encode());
        return writer.ToArray();
    }

    /// <summary>Reads a voucher.</summary>
    /// <returns><see cref="Reason.None"/>, or a reason of stage decode. Never throws, whatever the bytes.</returns>
    public static Reason TryDecode(ReadOnlySpan<byte> bytes, out SignedVoucher? voucher)
    {
        voucher = null;
        WireReader reader = new(bytes);
        reader.Fail(Voucher.TryDecode(reader.Element(1), out Voucher promised));
        reader.Fail(Signature.TryDecode(reader.Element(2), out Signature payer));
        reader.Fail(Signature.TryDecode(reader.Element(3), out Signature device));
        Reason reason = reader.Finish();
        if (reason == Reason.None)
            voucher = new SignedVoucher(promised, payer, device);
        return reason;
    }

    internal void CollectSignatures(List<SignatureCheck> checks)
    {
        Hash256 digest = Voucher.Digest();
        checks.Add(new SignatureCheck(Payer.Scheme, Payer.PublicKey, digest, Payer.Value));
        checks.Add(new SignatureCheck(Device.Scheme, Device.PublicKey, digest, Device.Value));
    }
}
