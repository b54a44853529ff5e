namespace AppChain.Node.Doctor;

/// <summary>What kind of thing is wrong; programs may rely on the names.</summary>
public enum FindingKind
{
    /// <summary>Nothing answers at the address.</summary>
    Unreachable,

    /// <summary>What answers is no node, or shows a certificate that is not whole.</summary>
    NotANode,

    /// <summary>Another node than the expected one answers.</summary>
    AnotherNode,

    /// <summary>The peer refuses this node: another chain, genesis or protocol version.</summary>
    Refused,

    /// <summary>The peer runs another program version.</summary>
    Version,

    /// <summary>A clock is off.</summary>
    Clock,

    /// <summary>Answers take too long for the timeouts of consensus.</summary>
    Latency,

    /// <summary>The peer has fallen behind.</summary>
    Behind,

    /// <summary>The peer does not get through to this node.</summary>
    NotHeard,

    /// <summary>Something about this node itself.</summary>
    ThisNode,
}

/// <summary>One thing that is wrong.</summary>
/// <param name="Subject">Whom it is about.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Advice">What to do.</param>
public sealed record Finding(FindingKind Kind, string Subject, string Problem, string Advice);
