using AppChain.Consensus;
using AppChain.Ledger;

namespace AppChain.Node.Driver;

/// <summary>
/// An epoch of consensus: whose votes count, and who of them is which peer. Consensus knows validators by their seat in the set;
/// the network knows peers by their place in the genesis file.
/// </summary>
public sealed class ConsensusEpoch
{
    private readonly int?[] peerOfSeat;
    private readonly Dictionary<int, ushort> seatOfPeer = [];

    /// <param name="number">Which epoch.</param>
    /// <param name="seats">Its set, as the state has it.</param>
    /// <param name="genesis">The peers.</param>
    public ConsensusEpoch(Epoch number, ValidatorsRecord seats, Genesis genesis)
    {
        Number = number;
        Validators = SetOf(seats);
        peerOfSeat = new int?[seats.Seats.Length];
        for (ushort seat = 0; seat < peerOfSeat.Length; seat++)
        {
            for (int peer = 0; peer < genesis.Validators.Length; peer++)
            {
                if (!genesis.Validators[peer].PublicKey.Span.SequenceEqual(seats.Seats[seat].PublicKey.Span))
                    continue;
                peerOfSeat[seat] = peer;
                seatOfPeer.Add(peer, seat);
            }
        }
    }

    public Epoch Number { get; }

    public ValidatorSet Validators { get; }

    /// <summary>The peer on this seat; null if none of genesis is.</summary>
    public int? PeerOf(ushort seat) => peerOfSeat[seat];

    /// <summary>This peer's seat; null if it is not in the set.</summary>
    public ushort? SeatOf(int peer) => seatOfPeer.TryGetValue(peer, out ushort seat) ? seat : null;

    /// <summary>The ledger's set in the form in which consensus knows it.</summary>
    public static ValidatorSet SetOf(ValidatorsRecord record) => new([.. record.Seats.Select(seat => new Validator(seat.PublicKey, seat.Power))]);
}

/// <summary>Where an epoch is entered: at its start, or, by a node that starts, at the finalised tip.</summary>
/// <param name="Point">The finalised block that consensus goes on from; at an epoch's start its view 0.</param>
/// <param name="Finalization">Its certificate in this epoch; null at view 0.</param>
public sealed record EpochStart(ConsensusEpoch Epoch, ChainPoint Point, Certificate? Finalization);
