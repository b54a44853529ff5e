namespace AppChain.Simulation;

/// <summary>
/// Who validates in which epoch, and with what power. A validator is the same number in all of the simulation, its <i>identity</i>; in messages it
/// is known by its <i>seat</i> in the epoch's set, and who is not in that set has none. The sets come round again.
/// </summary>
sealed class Reigns
{
    readonly ulong[][] powers;
    readonly int[][] members;
    readonly ValidatorSet[] sets;

    /// <param name="powers">Of each epoch, by identity; 0: not in the set. At least one set, nobody's power in none.</param>
    public Reigns(IReadOnlyList<ulong[]> powers)
    {
        this.powers = [.. powers];
        members = [.. powers.Select(set => (int[])[.. Enumerable.Range(0, set.Length).Where(i => set[i] > 0)])];
        sets = [.. members.Select((ids, epoch) =>
            new ValidatorSet([.. ids.Select(id => new Validator(SignatureBook.PublicKey(id), powers[epoch][id]))]))];
    }

    /// <summary>By identity.</summary>
    public ulong[] PowersIn(Epoch epoch) => powers[Turn(epoch)];

    public ValidatorSet SetOf(Epoch epoch) => sets[Turn(epoch)];

    /// <summary>Null if there is no such seat.</summary>
    public int? IdentityOf(Epoch epoch, int seat) => seat < members[Turn(epoch)].Length ? members[Turn(epoch)][seat] : null;

    /// <summary>Null if this validator is not in the set.</summary>
    public ushort? SeatOf(Epoch epoch, int identity) => Array.IndexOf(members[Turn(epoch)], identity) is var seat and >= 0 ? (ushort)seat : null;

    int Turn(Epoch epoch) => (int)(epoch.Value % (ulong)powers.Length);
}
