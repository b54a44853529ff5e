using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// A client and a device agree that the device keeps a file. Signatures: the client's, who locks the price of all windows, then the device's, which answers
/// for the file with its bond. Both sign the whole transaction, so that the agreement counts once.
/// </summary>
/// <param name="Service">A service of kind storage.</param>
/// <param name="Device">Who keeps the file.</param>
/// <param name="Root">The root of the list of its chunks' hashes (<see cref="MerkleList"/> over SHA-256).</param>
/// <param name="Chunks">How many chunks.</param>
/// <param name="ChunkBytes">Bytes of each; the last one may be shorter.</param>
/// <param name="Price">Credits for a window in which every drawn chunk is shown.</param>
/// <param name="Windows">For how many windows of <see cref="Parameter.StorageWindowMs"/>.</param>
public sealed record OpenDeal(uint Service, Address Device, Hash256 Root, uint Chunks, uint ChunkBytes, Credits Price, uint Windows) : Message
{
    internal const int Number = 100;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Demand;

    internal override int SignatureCount => 2;

    internal override uint? Uses => Service;

    internal override Spending Spends(ILedgerState state) => new(Amount.Zero, Locked);

    private Credits Locked => new(Price.Units * Windows);

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, Service);
        writer.Address(2, Device);
        writer.Bytes(3, Root.Bytes);
        writer.UInt64(4, Chunks);
        writer.UInt64(5, ChunkBytes);
        writer.UInt64(6, Price.Units);
        writer.UInt64(7, Windows);
        return writer.ToArray();
    }

    internal static OpenDeal Read(ref WireReader reader) => new(
        reader.UInt32(1), reader.Address(2), reader.Hash(3), reader.UInt32(4), reader.UInt32(5), new Credits(reader.UInt64(6)), reader.UInt32(7));

    internal override Reason CheckShape(Transaction transaction)
    {
        bool isWithinBounds = Chunks is >= 1 and <= StoredFile.ChunksMax && ChunkBytes is >= 1 and <= LedgerLimits.ChunkBytesMax
            && Price != Credits.Zero && Windows >= 1 && (UInt128)Price.Units * Windows <= LedgerLimits.CreditsIssuedMax;
        return isWithinBounds ? Reason.None : Reason.DealOutOfBounds;
    }

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        if (AccountRecord.Find(state, signer) is null)
            return Reason.UnknownAccount;
        if (ServiceRecord.Find(state, Service) is not { } service)
            return Reason.UnknownService;
        if (service.Kind != ProofKind.Storage)
            return Reason.NotOfThisKind;
        if (ChunkBytes > StorageTerms.Decode(service.Definition.KindParameters).ChunkBytesMax
            || Windows > ParametersRecord.Get(state)[Parameter.StorageWindowsMax])
            return Reason.DealOutsideTerms;
        return PledgedWork.CheckWorker(state, service, Device);
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        Address client = transaction.Body.Signer;
        DeviceRecord device = DeviceRecord.Get(session, Device);
        // Only the state knows which key the device signs with.
        if (!transaction.Signatures[1].IsOf(device.Scheme, device.PublicKey.Span))
            return new Outcome(Reason.NotSignedByDevice);
        AccountRecord account = AccountRecord.Get(session, client);
        if (account.Credits < Locked)
            return new Outcome(Reason.TooFewCredits);

        StorageTerms terms = StorageTerms.Decode(session.Service(Service).Definition.KindParameters);
        session.PutAccount(client, account with { Credits = account.Credits - Locked });
        session.Put(StateKey.Deal(transaction.Id), new DealRecord
        {
            Client = client,
            Service = Service,
            Device = Device,
            Root = Root,
            Chunks = Chunks,
            ChunkBytes = ChunkBytes,
            Price = Price,
            WindowsLeft = Windows,
            Bond = device.In(Service)!.Bond,
            Draws = terms.Draws,
            GraceWindows = terms.GraceWindows,
            BurnPpm = terms.BurnPpm,
        });
        session.Touch(StateKind.Device, Device);
        OpenWorkRecord.Add(session, Device, Service);
        Deals.Enqueue(session, context.TimeMs, transaction.Id);
        return Outcome.Applied;
    }
}
