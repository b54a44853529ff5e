using System;

namespace AppChain.Consensus;

/// <summary>Bounds how many requests of each peer are answered per window, so that asking is not a way to make us work.</summary>
sealed class AnswerBudget(int peers, ulong windowMs)
{
    readonly int[] spent = new int[peers];
    ulong windowEndMs;

    public bool TrySpend(ushort peer, ulong nowMs)
    {
        if (nowMs >= windowEndMs)
        {
            Array.Clear(spent);
            windowEndMs = nowMs + windowMs;
        }

        return spent[peer]++ < ConsensusLimits.AnswersPerPeerMax;
    }
}
