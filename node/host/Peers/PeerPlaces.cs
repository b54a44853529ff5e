using AppChain.Crypto;
using Grpc.Core;
using Status = Grpc.Core.Status;

namespace AppChain.Node.Peers;

/// <summary>The two kinds of streams that a caller keeps open.</summary>
public enum PeerStream
{
    Consensus,
    Batches,
}

/// <summary>
/// What callers of the peer port may have under way at a time. Each validator has places of its own; all others share some, so that
/// however many they are they take nothing from validators. Any thread.
/// </summary>
public sealed class PeerPlaces
{
    private readonly Lock gate = new();
    private readonly Dictionary<(Address Caller, PeerStream Kind), Place> streams = [];
    private readonly Dictionary<Address, int> answers = [];
    private int othersStreams;
    private int othersAnswers;

    /// <summary>A place that is taken until it is disposed.</summary>
    public sealed class Place : IDisposable
    {
        private readonly Action<Place> leave;
        private readonly ReadOnlyMemory<byte> nodeKey;
        private readonly CancellationTokenSource ending;

        internal Place(PeerCaller caller, Action<Place> leave, CancellationToken call, TimeSpan? timeMax = null)
        {
            (Key, IsValidators, nodeKey, this.leave) = (KeyOf(caller), caller.IsValidator, caller.Node.NodeKey, leave);
            ending = CancellationTokenSource.CreateLinkedTokenSource(call);
            Token = ending.Token;
            if (timeMax is { } limit)
                ending.CancelAfter(limit);
        }

        /// <summary>Ends with the call, when a newer stream takes the place, or when an answer's time is over.</summary>
        public CancellationToken Token { get; }

        /// <summary>True if a newer stream took the place.</summary>
        public bool IsReplaced { get; private set; }

        /// <summary>True if the place was held by a node with the same consensus key and another node key.</summary>
        public bool TakenFromAnotherNode { get; private set; }

        internal Address Key { get; }
        internal bool IsValidators { get; }

        internal void Replace(Place older)
        {
            TakenFromAnotherNode = !older.nodeKey.Span.SequenceEqual(nodeKey.Span);
            older.IsReplaced = true;
            older.ending.Cancel();
        }

        public void Dispose()
        {
            leave(this);
            ending.Dispose();
        }
    }

    /// <summary>A place for a stream. The caller's earlier stream of this kind, if there is one, ends.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: all places for who is no validator are taken.</exception>
    public Place Enter(PeerCaller caller, PeerStream kind, CancellationToken call)
    {
        lock (gate)
        {
            Address key = KeyOf(caller);
            if (streams.Remove((key, kind), out Place? older))
                Forget(older);
            if (!caller.IsValidator && othersStreams >= NodeLimits.FollowerStreamsMax)
                throw Full($"this node has {NodeLimits.FollowerStreamsMax} streams of nodes that are no validators: follow another one");
            Place place = new(caller, left => Leave(left, kind), call);
            streams[(key, kind)] = place;
            othersStreams += place.IsValidators ? 0 : 1;
            if (older is not null)
                place.Replace(older);
            return place;
        }
    }

    /// <summary>A place for an answer that reads the store. It ends after <see cref="NodeLimits.AnswerTimeMax"/>: who reads slowly gives it back.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: the caller, or all callers that are no validators, have as many under way.</exception>
    public Place BeginAnswer(PeerCaller caller, CancellationToken call)
    {
        lock (gate)
        {
            int under = caller.IsValidator ? answers.GetValueOrDefault(KeyOf(caller)) : othersAnswers;
            int most = caller.IsValidator ? NodeLimits.AnswersPerValidatorMax : NodeLimits.AnswersToFollowersMax;
            if (under >= most)
                throw Full($"{most} answers are under way: wait for one to end, or ask another node");
            Place place = new(caller, EndAnswer, call, NodeLimits.AnswerTimeMax);
            if (place.IsValidators)
                answers[place.Key] = under + 1;
            else
                othersAnswers++;
            return place;
        }
    }

    /// <summary>True while the node with this consensus key sends us what it has to say.</summary>
    public bool IsHeard(Address consensusKey)
    {
        lock (gate)
            return streams.ContainsKey((consensusKey, PeerStream.Consensus));
    }

    private void Leave(Place place, PeerStream kind)
    {
        lock (gate)
        {
            if (streams.GetValueOrDefault((place.Key, kind)) != place)
                return; // replaced, and counted out then
            streams.Remove((place.Key, kind));
            Forget(place);
        }
    }

    private void Forget(Place place) => othersStreams -= place.IsValidators ? 0 : 1;

    private void EndAnswer(Place place)
    {
        lock (gate)
        {
            if (!place.IsValidators)
                othersAnswers--;
            else if (--answers[place.Key] == 0)
                answers.Remove(place.Key);
        }
    }

    private static Address KeyOf(PeerCaller caller) => Address.Of(KeyScheme.Secp256k1, caller.Node.ConsensusKey.Span);

    private static RpcException Full(string problem) => new(new Status(StatusCode.ResourceExhausted, problem));
}
