using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What can be accused. The numbers are the wire's.</summary>
public enum SubjectKind : byte
{
    Device = 1,
    Manufacturer = 2,
    Validator = 3,
}

/// <summary>Who or what is accused.</summary>
public readonly record struct Subject(SubjectKind Kind, Address Address);
