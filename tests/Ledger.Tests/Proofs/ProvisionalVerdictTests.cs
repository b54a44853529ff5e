using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Proofs;

/// <summary>A verdict that waits for others' word is told in a receipt, and counts only when it is final.</summary>
public class ProvisionalVerdictTests
{
    [Theory]
    [InlineData(Reason.AwaitsGroup)]
    [InlineData(Reason.AwaitsOpenings)]
    public void Count_OfAProvisionalVerdict_ChangesNothing(Reason reason)
    {
        World world = new(CreditWorlds.Json());
        Enrollment enrollment = new() { Service = 1 };

        Enrollment counted = ProofFrame.Count(new LedgerSession(world.State), enrollment, Hash256.Zero, new Verdict(reason, 0, 0, 1));

        Assert.Same(enrollment, counted);
    }

    [Fact]
    public void Count_OfAFinalRefusal_IsInTheChain()
    {
        World world = new(CreditWorlds.Json());
        Enrollment enrollment = new() { Service = 1 };

        Enrollment counted = ProofFrame.Count(new LedgerSession(world.State), enrollment, Hash256.Zero, new Verdict(Reason.OutOfBounds, 0, 0, 1));

        Assert.Equal((1u, 1u), (counted.Rejected, counted.Work.Rejected));
        Assert.NotEqual(Hash256.Zero, counted.Work.Chain);
    }
}
