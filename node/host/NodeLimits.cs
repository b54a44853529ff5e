using AppChain.Grpc;

namespace AppChain.Node;

/// <summary>Every bound of the host, in one place. What happens at the bound is said beside it.</summary>
public static class NodeLimits
{
    /// <summary>Largest gRPC message on the public port, bytes: far above the largest transaction, which is the largest thing that anybody asks.
    /// Above: RESOURCE_EXHAUSTED.</summary>
    public const int PublicMessageBytesMax = 64 << 10;

    /// <summary>How long such a message may take from its first byte to its last. Longer: RESOURCE_EXHAUSTED.</summary>
    public static readonly TimeSpan PublicMessageTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of messages to the public port that have come in part. Full: RESOURCE_EXHAUSTED.</summary>
    public static readonly GrpcByteRoom PublicArriving = new(PerConnection: 1L << 20, PerAddress: 8L << 20, PerPort: 64L << 20);

    /// <summary>Bytes of answers of the public port that are not taken; the longest, a block with its transactions, fits. Full: the call is reset.</summary>
    public static readonly GrpcByteRoom PublicLeaving = new(PerConnection: 32L << 20, PerAddress: 64L << 20, PerPort: 256L << 20);

    /// <summary>Largest gRPC message on the peer port, bytes. Above: the stream ends, the peer reconnects.</summary>
    public const int PeerMessageBytesMax = 16 << 20;

    /// <summary>Connections to each of the two ports. Full: further ones are closed.</summary>
    public const int ConnectionsMax = 4_096;

    /// <summary>Connections beyond that which had to make room and have a few seconds to end. Full: further ones are closed, whosever.</summary>
    public const int ConnectionsLeavingMax = 512;

    /// <summary>Connections of one remote address (one /64 of IPv6) to each of the two ports. Full: further ones are closed.</summary>
    public const int ConnectionsPerAddressMax = 512;

    /// <summary>Connections of other machines to each port: the rest is for whoever looks after the node. Full: further ones are closed.</summary>
    public const int StrangersMax = ConnectionsMax - 64;

    /// <summary>Connections of other machines to the admin port. Full: one that is idle makes room, or further ones are closed.</summary>
    public const int AdminConnectionsMax = 64;

    /// <summary>Those of one remote address (one /64 of IPv6). Full: likewise.</summary>
    public const int AdminConnectionsPerAddressMax = 8;

    /// <summary>Those that have not shown a certificate yet that opens the port: the rest is for who has. Full: likewise, among them.</summary>
    public const int AdminHandshakesMax = 32;

    /// <summary>Subscriptions of one remote address (one /64 of IPv6); those of this machine count only below. Full: RESOURCE_EXHAUSTED.</summary>
    public const int SubscribersPerAddressMax = 64;

    /// <summary>Subscriptions in all. Full: RESOURCE_EXHAUSTED.</summary>
    public const int SubscribersMax = 2_048;

    /// <summary>Streams of transactions of one remote address (one /64 of IPv6); those of this machine count only below. A fleet needs one. Full:
    /// RESOURCE_EXHAUSTED.</summary>
    public const int SubmittersPerAddressMax = 512;

    /// <summary>Streams of transactions in all. Full: RESOURCE_EXHAUSTED.</summary>
    public const int SubmittersMax = 8_192;

    /// <summary>Of the subscriptions, and of the streams of transactions, those that only this machine can have.</summary>
    public const int OwnStreams = 64;

    /// <summary>How long a stream whose caller may send messages at its leisure may go on without one, either way. Longer: UNAVAILABLE; it calls again when
    /// there is something to say.</summary>
    public static readonly TimeSpan CallQuietMax = TimeSpan.FromMinutes(10);

    /// <summary>Fewest transactions that a subscriber may ask for in one part of a block: for each part the block's record and a batch are read. Below:
    /// INVALID_ARGUMENT.</summary>
    public const uint BlockPartMin = 64;

    /// <summary>Blocks at the chain's end that subscribers have at once; older ones are read in turns.</summary>
    public const ulong NewestBlocks = 64;

    /// <summary>Readings of old blocks that wait for their turn: one of each subscription, and calls. Beyond: RESOURCE_EXHAUSTED.</summary>
    public const int HistoryReadingsMax = 4 * SubscribersMax;

    /// <summary>Pauses between readings of old blocks are taken together until they are as long as that.</summary>
    public static readonly TimeSpan HistoryPauseMin = TimeSpan.FromMilliseconds(5);

    /// <summary>The longest pause after a reading: a disk that stood still once does not stop history for minutes.</summary>
    public static readonly TimeSpan HistoryPauseMax = TimeSpan.FromSeconds(1);

    /// <summary>Bad signatures of one address after which nothing of it is taken. At it: BUSY, until the count has run down.</summary>
    public const int BadSignaturesMax = 500;

    /// <summary>How fast that count runs down.</summary>
    public const int BadSignaturesPerSecond = 50;

    /// <summary>Addresses whose bad signatures are counted. Full: those of further ones are not.</summary>
    public const int BadSignersRememberedMax = 16_384;

    /// <summary>Devices, and as many accounts, whose rate is counted within the time that a bucket takes to fill. Full: further ones are not counted;
    /// what they send is bounded by fees, by the pool and by the rates of their addresses.</summary>
    public const int RatedSignersMax = 131_072;

    /// <summary>How many a signer that has used up its burst may send at once when it is let in again, or its burst if that is less: as many as an agent
    /// of the SDK has on the way (<c>ClientLimits.ProofsInFlightMax</c>).</summary>
    public const int RatedSignerReturn = 32;

    /// <summary>Highest rate and largest burst that may be set for a signer. Above: refused at start.</summary>
    public const int SignerRateMax = 1_000_000;

    /// <summary>Connections that one remote address (one /64 of IPv6) may open to the peer port in a second; this machine itself is not counted.
    /// Above: closed before the handshake; peers come back later and later.</summary>
    public const int PeerConnectionsPerSecondPerAddress = 20;

    /// <summary>The same, at once after a pause.</summary>
    public const int PeerConnectionBurstPerAddress = 200;

    /// <summary>Calls that one remote address (one /64 of IPv6) may begin on the public port in a second; callers on this machine are not
    /// counted. Above: RESOURCE_EXHAUSTED with a retry hint. Fleets use one stream, which is one call.</summary>
    public const int CallsPerSecondPerAddress = 500;

    /// <summary>The same, at once after a pause.</summary>
    public const int CallBurstPerAddress = 1_000;

    /// <summary>Those who wait for the outcome of one pending transaction. Full: the answer is BUSY.</summary>
    public const int FollowersPerTransactionMax = 16;

    /// <summary>Transactions waiting for their signature check; one address may fill half of what the others leave. Full: RESOURCE_EXHAUSTED
    /// with a retry hint.</summary>
    public const int IngressQueueMax = 32_768;

    /// <summary>Transactions verified in one go.</summary>
    public const int IngressBatchMax = 2_048;

    /// <summary>
    /// Admitted transactions of this node that are not final yet; even at their largest they fit this node's share of the
    /// shelf (<see cref="ShelfBytesPerAuthorMax"/>). Full: RESOURCE_EXHAUSTED with a retry hint.
    /// </summary>
    public const int PoolTransactionsMax = 15_000;

    /// <summary>How long a transaction must still be valid to be admitted, milliseconds: a block that it dies before skips it for free. Less: refused
    /// as expired.</summary>
    public const ulong LifeLeftMin = 2_000;

    /// <summary>Transaction bytes in one batch; a batch is cut when it would grow above.</summary>
    public const int BatchBytesTarget = 256 << 10;

    /// <summary>Bytes of one author's batches that wait for a block. Full: further ones are left to be fetched when a block names them.</summary>
    public const long ShelfBytesPerAuthorMax = 64L << 20;

    /// <summary>One author's batches that wait for a block: as many as its pool has transactions at most, each in a batch of its own. Full: as above.</summary>
    public const int ShelfBatchesPerAuthorMax = PoolTransactionsMax;

    /// <summary>How long after its last transaction expired a batch is still offered to leaders.</summary>
    public const ulong ExpiredBatchGraceMs = 60_000;

    /// <summary>Batch ids remembered as already in the chain, so that a late copy is not included again.</summary>
    public const int IncludedBatchesRemembered = 65_536;

    /// <summary>How far a header's time may be ahead of this node's clock, milliseconds. Above: the proposal is invalid.</summary>
    public const ulong ClockDriftMaxMs = 2_000;

    /// <summary>Consensus messages of one peer that wait for the driver. Full: newer ones are dropped; consensus re-sends.</summary>
    public const int ConsensusBacklogPerPeerMax = 1_024;

    /// <summary>Between two answers to one peer about how an ended epoch ended, milliseconds. Sooner: no answer; it asks again.</summary>
    public const ulong EpochAnswerIntervalMs = 100;

    /// <summary>Messages of the next epoch that wait while the last block of this one is being committed. Full: further ones are dropped;
    /// consensus re-sends.</summary>
    public const int EarlyMessagesMax = 256;

    /// <summary>Consensus messages that wait to be sent to one peer. Full: the oldest is dropped; consensus re-sends.</summary>
    public const int ConsensusOutboxMax = 4_096;

    /// <summary>Batches that wait to be sent to one peer. Full: the oldest is dropped; the peer fetches it when a block names it.</summary>
    public const int BatchOutboxMax = 256;

    /// <summary>Bytes of one consensus message. Above: the stream ends; the peer reconnects.</summary>
    public const int ConsensusMessageBytesMax = 1 << 20;

    /// <summary>Streams of callers of the peer port that are no validators, two for each of them. Full: RESOURCE_EXHAUSTED; they follow another node.</summary>
    public const int FollowerStreamsMax = 512;

    /// <summary>Answers with blocks or batches under way to one validator. Full: RESOURCE_EXHAUSTED; it asks another node.</summary>
    public const int AnswersPerValidatorMax = 8;

    /// <summary>The same to all others together.</summary>
    public const int AnswersToFollowersMax = 32;

    /// <summary>How long one answer may take its reader. Above: DEADLINE_EXCEEDED; it asks for the rest.</summary>
    public static readonly TimeSpan AnswerTimeMax = TimeSpan.FromSeconds(30);

    /// <summary>For how long the same refusal of one address is not logged again.</summary>
    public static readonly TimeSpan RefusalRepeatAfter = TimeSpan.FromMinutes(1);

    /// <summary>Refusals remembered for that. Full: further ones are not logged.</summary>
    public const int RefusalsRememberedMax = 256;

    /// <summary>Ids in one request for batches.</summary>
    public const int BatchesPerFetchMax = 64;

    /// <summary>Finalised blocks asked for at once by a node that catches up; the answer goes on to the next that has its own finalization,
    /// and is read no further.</summary>
    public const int BlocksPerSyncMax = 256;

    /// <summary>Between two questions of a validator whose signer record holds nothing for how far the others are.</summary>
    public static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>How long such an answer may take.</summary>
    public static readonly TimeSpan ProgressTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Bytes of blocks from one peer that no finalization has proven yet. Above: the answer is refused.</summary>
    public const long SyncUnprovenBytesMax = 128L << 20;

    /// <summary>Blocks from one peer that no finalization has proven yet. Above: the answer is refused.</summary>
    public const int SyncUnprovenBlocksMax = 2 * BlocksPerSyncMax;

    /// <summary>Bytes of proven blocks that wait for the chain to take them, all runs together. Full: nothing more is read; a larger run goes alone.</summary>
    public const long SyncAheadBytesMax = 64L << 20;

    /// <summary>Proven runs of blocks whose signatures are verified while earlier ones are executed. Full: nothing more is read.</summary>
    public const int SyncRunsAhead = 8;

    /// <summary>Blocks of a node that catches up that one synced write makes final, if as many are ready.</summary>
    public const int SyncBlocksPerWrite = 32;

    /// <summary>Between two questions to all peers for snapshots of the state. A node that is behind goes on by blocks meanwhile.</summary>
    public static readonly TimeSpan StateSyncInterval = TimeSpan.FromSeconds(10);

    /// <summary>How long such a question waits for links that are not up yet, so that a state comes from several peers.</summary>
    public static readonly TimeSpan StateSyncGatherTime = TimeSpan.FromSeconds(2);

    /// <summary>Between two looks at the links meanwhile.</summary>
    public static readonly TimeSpan StateSyncGatherStep = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a peer may take to say what snapshots it has: until all have answered, no block is asked for. Longer: it is taken to have none.</summary>
    public static readonly TimeSpan StateSyncOfferTimeout = TimeSpan.FromSeconds(2);

    /// <summary>How long a peer may take to begin its answer to a question for blocks. Longer: another one is asked.</summary>
    public static readonly TimeSpan SyncSilenceMax = TimeSpan.FromSeconds(5);

    /// <summary>How long a peer may take for each piece of a snapshot. Longer: another one is asked.</summary>
    public static readonly TimeSpan StateSyncAnswerTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Chunks of a snapshot that one peer is asked for at a time.</summary>
    public const int StateSyncChunksPerPeer = 2;

    /// <summary>Between two looks at whether the node is fit to serve: so late may health be.</summary>
    public static readonly TimeSpan HealthInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Age of the last final block above which a node counts as not serving: twice the longest pause between two blocks that the
    /// settings allow (<c>consensus.idleIntervalMs</c>).</summary>
    public static readonly TimeSpan HealthTipAgeMax = TimeSpan.FromMinutes(2);
    /// <summary>Contradictions of validators that wait to be reported. More: the log alone has them.</summary>
    public const int EvidenceWaitingMax = 64;

    /// <summary>Pause between two questions of a node without a seat for new blocks.</summary>
    public static readonly TimeSpan FollowInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>No new block for so long: a node with a seat asks its peers for blocks as well, and again after as long. An idle chain makes one a second.</summary>
    public static readonly TimeSpan DeafAfter = TimeSpan.FromSeconds(5);

    /// <summary>Entries of one page of a list. Above: INVALID_ARGUMENT.</summary>
    public const uint PageMax = 100;

    /// <summary>The same if each entry is a whole transaction, which costs a read of its batch.</summary>
    public const uint PageWithTransactionsMax = 25;

    /// <summary>Entries of a page whose size is not given.</summary>
    public const uint PageDefault = 20;

    /// <summary>How far below the tip a state is looked for that a header proves.</summary>
    public const ulong ProvenStateDepthMax = 64;

    /// <summary>Verdicts that an explanation tells: with more it would not fit into a message. Above: OUT_OF_RANGE.</summary>
    public const int ToldVerdictsMax = 8_192;

    /// <summary>Smallest budget of bytes of one class of old data. Below: refused at start.</summary>
    public const long PruneBudgetMin = 16L << 20;

    /// <summary>Blocks between two looks at what is to be pruned.</summary>
    public const ulong PruneInterval = 64;

    /// <summary>Pause between two steps of pruning, each of which takes some 2 ms of the database's write queue.</summary>
    public static readonly TimeSpan PrunePause = TimeSpan.FromMilliseconds(10);

    /// <summary>Unanswered transactions on one submission stream. Full: the stream is read no further until answers have gone out.</summary>
    public const int StreamInFlightMax = 1_024;

    /// <summary>Views up to the highest one signed whose votes the signer record remembers: all that consensus still votes in. Below, nothing is signed.</summary>
    public const ulong SignedViewsMax = Consensus.ConsensusLimits.VotedViews;

    /// <summary>How long a node that is too old for the next block waits for the last one that it knows the rules of to become final. Then it stops.</summary>
    public static readonly TimeSpan UpgradeGrace = TimeSpan.FromSeconds(10);

    /// <summary>How long it still answers others after that.</summary>
    public static readonly TimeSpan UpgradeLinger = TimeSpan.FromSeconds(1);

    /// <summary>Inputs that one turn of consensus takes before its journal records are synced and its effects performed.</summary>
    public const int InputsPerTurnMax = 256;
}
