namespace AppChain.Ledger;

/// <summary>A value of the state. Its encoding is part of the state root: golden files in the tests hold each.</summary>
public abstract record StateRecord
{
    /// <summary>The layout version that every record starts with.</summary>
    internal const byte Version = 1;

    private protected StateRecord()
    {
    }

    /// <summary>The record's fixed encoding.</summary>
    public abstract byte[] Encode();
}
