using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// A user buys what a mapping service has of a tile: credits that are spent on the work of the cameras that mapped it. The service shows
/// the images to whoever has bought them; it finds the purchase in the chain.
/// </summary>
/// <param name="Service">A service of kind mapping.</param>
/// <param name="Tile">The tile.</param>
/// <param name="Credits">At least the service's price.</param>
public sealed record BuyTile(uint Service, MapTile Tile, Credits Credits) : Message
{
    internal const int Number = 95;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Demand;

    internal override uint? Uses => Service;

    internal override Spending Spends(ILedgerState state) => new(Amount.Zero, Credits);

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, Service);
        writer.UInt64(2, Tile.Cell);
        writer.UInt64(3, Tile.Segment);
        writer.UInt64(4, Tile.Heading);
        writer.UInt64(5, Credits.Units);
        return writer.ToArray();
    }

    internal static BuyTile Read(ref WireReader reader)
    {
        (uint service, ulong cell, uint segment, uint heading) = (reader.UInt32(1), reader.UInt64(2), reader.UInt32(3), reader.UInt32(4));
        if (heading >= MapTile.Headings)
        {
            reader.Fail(Reason.MappingOutOfBounds);
            heading = 0;
        }
        return new BuyTile(service, new MapTile(cell, segment, (byte)heading), new Credits(reader.UInt64(5)));
    }

    internal override Reason CheckShape(Transaction transaction) =>
        Tile.IsPossible && Credits != Credits.Zero && Credits.Units <= LedgerLimits.CreditsIssuedMax ? Reason.None : Reason.MappingOutOfBounds;

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        if (AccountRecord.Find(state, signer) is null)
            return Reason.UnknownAccount;
        if (ServiceRecord.Find(state, Service) is not { } service)
            return Reason.UnknownService;
        return service.Kind == ProofKind.Mapping ? Reason.None : Reason.NotOfThisKind;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        Address buyer = transaction.Body.Signer;
        if (MapTileRecord.Find(session, Service, Tile) is not { } tile)
            return new Outcome(Reason.TileNotMapped);
        if (Credits < session.Service(Service).Definition.Price)
            return new Outcome(Reason.TilePriceTooLow);
        AccountRecord account = AccountRecord.Get(session, buyer);
        if (account.Credits < Credits)
            return new Outcome(Reason.TooFewCredits);
        session.PutAccount(buyer, account with { Credits = account.Credits - Credits });
        MapTiles.Sell(session, context.TimeMs, Service, Tile, tile, buyer, Credits);
        return Outcome.Applied;
    }
}
