namespace AppChain.Consensus;

/// <summary>Every bound of the room, with its unit. What happens at the bound is said at each, and in README.md.</summary>
public static class ConsensusLimits
{
    /// <summary>Validators in a set; a multiple of 8. A larger set is refused when it is made.</summary>
    public const int ValidatorsMax = 256;

    /// <summary>Bytes of a block's opaque payload. A longer one does not decode; building one is a defect of the host.</summary>
    public const int PayloadBytesMax = 16 * 1024;

    /// <summary>Bytes of any encoded message. The transport refuses longer ones before it takes memory for them.</summary>
    public const int MessageBytesMax = 64 * 1024;

    /// <summary>R of rule 9: views at and below the last finalised one whose votes are still admitted (for evidence) and
    /// whose blocks are still served. Votes below are dropped.</summary>
    public const ulong RetainedViews = 16;

    /// <summary>Views, the current one included, in which we still cast a vote. An older view is not finalized any more: a later one's
    /// finalization makes it final too. So a host needs to remember what was signed in this many views only, up to the highest.</summary>
    public const ulong VotedViews = 32;

    /// <summary>A finalization this many views above our last finalised one goes to the host's sync at once; a nearer one first gives the
    /// core one retry interval to fetch the blocks itself.</summary>
    public const ulong BehindViews = 32;

    /// <summary>Certificates sent in answer to one request; the peer asks again for the rest.</summary>
    public const int CertificatesPerAnswerMax = 32;

    /// <summary>Own finalize votes of unfinalised views that are re-sent together: the newest ones.</summary>
    public const int FinalizeResendMax = 8;

    /// <summary>Requests answered per peer and retry interval; more are ignored, the peer retries.</summary>
    public const int AnswersPerPeerMax = 8;

    /// <summary>Turns in one cycle of the leader schedule, apart from the one turn that everybody has.</summary>
    public const int LeaderTurnsMax = 4096;

    /// <summary>Pieces of evidence kept for reporting again after a restart. More are dropped: one is enough to slash.</summary>
    public const int EvidenceMax = 64;
}
