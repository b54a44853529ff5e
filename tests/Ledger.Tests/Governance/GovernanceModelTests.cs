using AppChain.Crypto;
using AppChain.Ledger;
using static AppChain.Tests.Ledger.GovernedWorld;

namespace AppChain.Tests.Ledger;

/// <summary>Random proposals, votes, stake and time against the same in plain C#: dictionaries and decimals, no records, no queues.</summary>
public class GovernanceModelTests
{
    private static readonly PrivateKey[] People = [Keys.Alice, Keys.Bob, Keys.Of("dave"), Keys.Of("erin")];
    private static readonly PrivateKey[] Voters = [.. People, Small, Large];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RandomVotes_EndAsInThePlainModel(int seed)
    {
        Random random = new(seed);
        World world = Create(People[2..]);
        Model model = new();
        HashSet<ProposalStatus> seen = [];
        for (int step = 0; step < 250; step++)
        {
            world.NowMs += (ulong)random.Next(0, 1_500);
            world.Run();
            model.Pass(world);
            PrivateKey person = People[random.Next(People.Length)];
            PrivateKey voter = Voters[random.Next(Voters.Length)];
            switch (random.Next(8))
            {
                case 0 or 1:
                    ulong fee = (ulong)random.Next(1, 1_000);
                    Reason proposed = world.RunOne(world.Sign(new Propose("x", Set((Parameter.FeeServices, fee))), person)).Reason;
                    model.Propose(world, person, fee, proposed);
                    break;
                case 2:
                    world.RunOne(world.Sign(new DelegateStake(Large.Address, Amount.FromTokens((ulong)random.Next(1, 80))), person));
                    break;
                case 3:
                    world.RunOne(world.Sign(new UnbondStake(Large.Address, Amount.FromTokens((ulong)random.Next(1, 40))), person));
                    break;
                default:
                    if (model.Open.Count == 0)
                        break;
                    Model.Vote vote = new(model.Open[random.Next(model.Open.Count)], voter.Address, (VoteChoice)random.Next(1, 4));
                    bool counted = world.Vote(voter, vote.Proposal, vote.Choice) == Reason.None;
                    model.Cast(world, vote, counted);
                    break;
            }
            model.AssertSame(world, seen);
        }
        Assert.Superset(new HashSet<ProposalStatus> { ProposalStatus.Executed, ProposalStatus.Rejected, ProposalStatus.NoQuorum }, seen);
    }

    private sealed class Model
    {
        private readonly Dictionary<ulong, Item> items = [];
        private ulong fee;
        private decimal burned;

        public sealed record Vote(ulong Proposal, Address Voter, VoteChoice Choice);

        private sealed class Item
        {
            public required Address Proposer { get; init; }
            public required ulong Fee { get; init; }
            public required ulong EndMs { get; init; }
            public Dictionary<Address, (VoteChoice Choice, decimal Weight)> Votes { get; } = [];
            public ProposalStatus Status { get; set; } = ProposalStatus.Voting;
            public ulong ExecuteMs { get; set; }

            /// <summary>All stake at the moments that count: its opening, each vote, its end.</summary>
            public List<decimal> Bonded { get; } = [];

            public decimal Of(VoteChoice choice) => Votes.Values.Where(vote => vote.Choice == choice).Sum(vote => vote.Weight);
        }

        public List<ulong> Open => [.. items.Where(item => item.Value.Status == ProposalStatus.Voting).Select(item => item.Key)];

        public void Propose(World world, PrivateKey proposer, ulong value, Reason reason)
        {
            int open = items.Values.Count(
                item => item.Proposer == proposer.Address && item.Status is (ProposalStatus.Voting or ProposalStatus.Waiting));
            if (open >= LedgerLimits.OpenProposalsPerProposerMax)
                Assert.Equal(Reason.TooManyOwnProposals, reason);
            else if (reason != Reason.None)
                Assert.Equal(Reason.InsufficientBalance, reason);
            if (reason != Reason.None)
                return;
            items.Add((ulong)items.Count + 1, new Item { Proposer = proposer.Address, Fee = value, EndMs = world.NowMs + VotingMs });
            items[(ulong)items.Count].Bonded.Add(Stake.TotalBonded(world.State).Grains);
        }

        public void Cast(World world, Vote vote, bool counted)
        {
            decimal power = Stake.VotingPower(world.State, vote.Voter).Grains;
            Assert.Equal(power > 0, counted);
            if (!counted)
                return;
            items[vote.Proposal].Votes[vote.Voter] = (vote.Choice, power);
            items[vote.Proposal].Bonded.Add(Stake.TotalBonded(world.State).Grains);
        }

        public void Pass(World world)
        {
            foreach (Item item in items.OrderBy(item => item.Key).Select(item => item.Value))
            {
                if (item.Status == ProposalStatus.Voting && item.EndMs <= world.NowMs)
                    End(world, item);
                if (item.Status == ProposalStatus.Waiting && item.ExecuteMs <= world.NowMs)
                    (item.Status, fee) = (ProposalStatus.Executed, item.Fee);
            }
        }

        public void AssertSame(World world, HashSet<ProposalStatus> seen)
        {
            foreach ((ulong number, Item item) in items)
            {
                ProposalRecord record = world.Proposal(number);
                Assert.Equal((number, item.Status), (number, record.Status));
                Assert.Equal(
                    (item.Of(VoteChoice.Yes), item.Of(VoteChoice.No), item.Of(VoteChoice.Abstain)),
                    (record.Votes.Yes.Grains, record.Votes.No.Grains, record.Votes.Abstain.Grains));
                seen.Add(item.Status);
            }
            Assert.Equal(fee, world.Parameters()[Parameter.FeeServices]);
            Assert.Equal(burned, LedgerQueries.Supply(world.State).Supply.Burned.Grains);
            world.AssertConserved();
        }

        private void End(World world, Item item)
        {
            (decimal yes, decimal no, decimal abstain) = (item.Of(VoteChoice.Yes), item.Of(VoteChoice.No), item.Of(VoteChoice.Abstain));
            item.Bonded.Add(Stake.TotalBonded(world.State).Grains);
            decimal bonded = item.Bonded.Max();
            bool quorum = yes + no + abstain > 0 && yes + no + abstain >= bonded * 0.334m;
            item.Status = !quorum ? ProposalStatus.NoQuorum : yes > (yes + no) * 0.5m ? ProposalStatus.Waiting : ProposalStatus.Rejected;
            item.ExecuteMs = world.NowMs + DelayMs;
            if (!quorum || no > (yes + no) * 0.666667m)
                burned += Deposit.Grains;
        }
    }
}
