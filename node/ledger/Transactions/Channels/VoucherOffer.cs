using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>A voucher with the payer's signature, on its way to the device that shall countersign it. Its bytes are a SignedVoucher without the last field.</summary>
public sealed record VoucherOffer(Voucher Voucher, Signature Payer)
{
    /// <summary>Signs a voucher as its payer.</summary>
    public static VoucherOffer By(PrivateKey payer, Voucher voucher) => new(voucher, TransactionBuilder.Sign(payer, voucher.Digest()));

    /// <summary>True if the signature is this account's and verifies.</summary>
    public bool IsOf(Address payer) =>
        Payer.Signer == payer && SignatureVerifier.Verify(Payer.Scheme, Payer.PublicKey.Span, Voucher.Digest(), Payer.Value.Span);

    /// <summary>The voucher with the device's signature too.</summary>
    public SignedVoucher CountersignedBy(PrivateKey device) => new(Voucher, Payer, TransactionBuilder.Sign(device, Voucher.Digest()));

    /// <summary>The bytes in which offers travel.</summary>
    public byte[] Encode()
    {
        WireWriter writer = new();
        writer.Element(1, Voucher.Encode());
        writer.Element(2, Payer.Encode());
        return writer.ToArray();
    }

    /// <summary>Reads an offer.</summary>
    /// <returns><see cref="Reason.None"/>, or a reason of stage decode. Never throws, whatever the bytes.</returns>
    public static Reason TryDecode(ReadOnlySpan<byte> bytes, out VoucherOffer? offer)
    {
        offer = null;
        WireReader reader = new(bytes);
        reader.Fail(Voucher.TryDecode(reader.Element(1), out Voucher voucher));
        reader.Fail(Signature.TryDecode(reader.Element(2), out Signature payer));
        Reason reason = reader.Finish();
        if (reason == Reason.None)
            offer = new VoucherOffer(voucher, payer);
        return reason;
    }
}
