namespace AppChain.Node.Signer;

/// <summary>What an operator can do, in the same words wherever it is said.</summary>
public static class SignerAdvice
{
    /// <summary>How to get out of a record that is lost or damaged.</summary>
    public const string Reset =
        "If it was moved, put it back, or name it with the setting signer.record. If it is lost: make sure that no other process signs with this key, "
        + "ask a running validator for its view and consensus epoch (`appchain status --node HOST:PORT`), and run `appchain signer reset --epoch EPOCH --above VIEW`. "
        + "This node then follows without voting until the chain is above that view.";
}
