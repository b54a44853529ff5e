using System;

namespace AppChain.Consensus;

/// <summary>
/// Tells a dead leader from a quiet network. It measures silence in <i>activity</i>: real time while messages come in, but at most one
/// leader timeout per gap between two messages. Ten idle seconds therefore count little against anybody, and one node that
/// talks alone cannot make the others look dead, as a quorum must have been heard (rule 1).
/// </summary>
sealed class ActivityClock(ValidatorSet validators, ushort? self, TimeoutOptions timeouts)
{
    readonly ulong[] heardAt = new ulong[validators.Count];
    ulong activityMs;
    ulong lastMessageMs;

    /// <summary>Everybody counts as heard at the start.</summary>
    public void Start(ulong nowMs)
    {
        lastMessageMs = nowMs;
        Array.Fill(heardAt, activityMs);
    }

    public void Heard(ushort from, ulong nowMs)
    {
        activityMs += ulong.Min(nowMs - lastMessageMs, timeouts.LeaderMs);
        lastMessageMs = nowMs;
        heardAt[from] = activityMs;
    }

    /// <summary>True if the validator has been silent for the skip time while a quorum, we included, was active.</summary>
    public bool IsSilent(ushort validator)
    {
        if (validator == self || IsActive(validator))
        {
            return false;
        }

        ulong power = 0;
        for (ushort i = 0; i < heardAt.Length; i++)
        {
            power += i == self || IsActive(i) ? validators[i].Power : 0;
        }

        return validators.IsQuorum(power);
    }

    bool IsActive(ushort validator) => activityMs - heardAt[validator] < timeouts.SkipMs;
}
