using AppChain.Consensus;
using AppChain.Ledger;

namespace AppChain.Node.Driver;

/// <summary>
/// An epoch of consensus: whose votes count, and who of them is which peer. Consensus knows validators by their seat in the set;
/// the network knows peers by the number of their key (<see cref="Peers.PeerBook"/>).
/// </summary>
public sealed class ConsensusEpoch
{
    private readonly int[] peerOfSeat;
    private readonly Dictionary<int, ushort> seatOfPeer = [];

    /// <param name="number">Which epoch.</param>
    /// <param name="state">The state that has its set.</param>
    public ConsensusEpoch(Epoch number, ILedgerState state)
    {
        Number = number;
        ValidatorsRecord record = ValidatorsRecord.Get(state);
        Validators = SetOf(record);
        peerOfSeat = new int[record.Seats.Length];
        for (ushort seat = 0; seat < peerOfSeat.Length; seat++)
        {
            ConsensusKeyRecord key = ConsensusKeyRecord.Find(state, record.Seats[seat].PublicKey.Span)
                ?? throw new InvalidOperationException($"the state does not know the key of seat {seat}");
            peerOfSeat[seat] = (int)key.Number;
            seatOfPeer.Add(peerOfSeat[seat], seat);
        }
    }

    public Epoch Number { get; }

    public ValidatorSet Validators { get; }

    /// <summary>The peer on this seat.</summary>
    public int PeerOf(ushort seat) => peerOfSeat[seat];

    /// <summary>This peer's seat; null if it is not in the set.</summary>
    public ushort? SeatOf(int peer) => seatOfPeer.TryGetValue(peer, out ushort seat) ? seat : null;

    /// <summary>The seat of a consensus key; null if it is not in the set.</summary>
    public ushort? SeatOf(ReadOnlySpan<byte> publicKey)
    {
        for (ushort seat = 0; seat < Validators.Count; seat++)
        {
            if (Validators[seat].PublicKey.Span.SequenceEqual(publicKey))
                return seat;
        }
        return null;
    }

    /// <summary>The ledger's set in the form in which consensus knows it.</summary>
    public static ValidatorSet SetOf(ValidatorsRecord record) => new([.. record.Seats.Select(seat => new Validator(seat.PublicKey, seat.Power))]);
}

/// <summary>Where an epoch is entered: at its start, or, by a node that starts, at the finalised tip.</summary>
/// <param name="Point">The finalised block that consensus goes on from; at an epoch's start its view 0.</param>
/// <param name="Finalization">Its certificate in this epoch; null at view 0.</param>
public sealed record EpochStart(ConsensusEpoch Epoch, ChainPoint Point, Certificate? Finalization);
