namespace AppChain.Simulation.Tests;

/// <summary>A simulator that finds nothing may be blind. These runs have a defect put in, and it must be found.</summary>
public sealed class TeethTests
{
    /// <summary>Seeds within which a defect must show.</summary>
    const ulong SeedsMax = 200;

    [Fact]
    public void Host_SendsBeforeItSyncs_IsCaught() =>
        AssertCaught(scenario => scenario with { SendsBeforeSync = true, CrashPerTenThousand = 60, SyncUsMax = 3_000 });

    [Fact]
    public void Host_LosesItsJournal_IsCaught() => AssertCaught(scenario => scenario with { LosesJournals = true });

    [Fact]
    public void Faulty_AThirdOfThePower_IsCaught() => AssertCaught(scenario => scenario with
    {
        // Two of four: equivocating leaders and those who vote for all they say.
        Powers = [1, 1, 1, 1],
        Dead = [],
        Byzantine = new Dictionary<int, Misdeed> { [0] = Misdeed.Equivocates, [1] = Misdeed.VotesForAll },
    });

    static void AssertCaught(Func<Scenario, Scenario> spoil)
    {
        for (ulong seed = 0; seed < SeedsMax; seed++)
        {
            var scenario = Profiles.Make(seed, "crashes", validators: 4);
            if (Run.Of(spoil(scenario)).Failure is not null)
            {
                return;
            }
        }

        Assert.Fail($"not found within {SeedsMax} seeds");
    }
}
