using System.Collections.Immutable;
using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Protos.V1;
using Google.Protobuf;
using Body = AppChain.Ledger.Body;
using ChainId = AppChain.Ledger.ChainId;
using Explanation = AppChain.Ledger.Explanation;
using MintRewards = AppChain.Ledger.MintRewards;
using PoolMint = AppChain.Ledger.PoolMint;
using Receipt = AppChain.Ledger.Receipt;
using Statement = AppChain.Ledger.Statement;
using ToldUsage = AppChain.Ledger.ToldUsage;
using ToldVerdict = AppChain.Ledger.ToldVerdict;
using Transaction = AppChain.Ledger.Transaction;

namespace AppChain.Client.Explain;

/// <summary>What a device did for one service in an epoch, as far as headers prove it.</summary>
/// <param name="Explanation">Every verdict and what they add up to; it has no problem.</param>
/// <param name="IsSettled">It was paid; else it is what the device's next touch pays.</param>
/// <param name="ProvenBy">The header that proves the statement.</param>
/// <param name="Pool">The service's part of what the epoch minted; null: nothing was minted for it, or the epoch is open.</param>
public sealed record VerifiedService(Explanation Explanation, bool IsSettled, Header ProvenBy, PoolMint? Pool);

/// <summary>
/// Why a device got what it got in a reward epoch, checked to the last unit against headers that the caller trusts. Whoever answered is believed in
/// nothing.
/// </summary>
/// <param name="Device">The device.</param>
/// <param name="Epoch">The reward epoch.</param>
/// <param name="Services">What it did for each service, ascending.</param>
/// <param name="Mint">What the epoch minted; null: it is open.</param>
public sealed record VerifiedExplanation(Crypto.Address Device, ulong Epoch, ImmutableArray<VerifiedService> Services, MintRewards? Mint)
{
    /// <summary>What the device earned in all services.</summary>
    public Amount Earned => Services.Aggregate(Amount.Zero, (sum, service) => sum + service.Explanation.Statement.Earned);

    /// <summary>Checks an answer of a node.</summary>
    /// <param name="chain">The chain: a mint's id names it.</param>
    /// <param name="isTrusted">Whether a header is one that the chain has finalised.</param>
    /// <param name="problem">What does not hold, in words.</param>
    /// <returns>Null if anything does not hold.</returns>
    public static VerifiedExplanation? TryVerify(
        Protos.V1.Explanation answer, ChainId chain, Crypto.Address device, ulong epoch, Func<Header, bool> isTrusted, out string? problem)
    {
        Checker checker = new(chain, device, epoch, isTrusted);
        VerifiedExplanation? verified = checker.Check(answer);
        problem = checker.Problem;
        return verified;
    }

    private sealed class Checker(ChainId chain, Crypto.Address device, ulong epoch, Func<Header, bool> isTrusted)
    {
        public string? Problem { get; private set; }

        public VerifiedExplanation? Check(Protos.V1.Explanation answer)
        {
            if (!answer.Device.Span.SequenceEqual(device.Bytes) || answer.Epoch != epoch)
                return Fail<VerifiedExplanation>("it is about another device or epoch");
            MintRewards? mint = null;
            if (answer.Mint is { } minted && (mint = CheckMint(minted)) is null)
                return null;
            ImmutableArray<Statement> unsettled = [];
            Header? ofState = null;
            if (answer.State is { } state && ((ofState = Trusted(state.Header)) is null || !TryReadState(ofState, state, out unsettled)))
                return Fail<VerifiedExplanation>("the state that it rests on is not proven");

            ImmutableArray<VerifiedService>.Builder services = ImmutableArray.CreateBuilder<VerifiedService>(answer.Services.Count);
            foreach (ExplainedService explained in answer.Services)
            {
                (Statement Statement, Header Header)? found = explained.Settled is { } settled
                    ? CheckSettled(settled, explained.Service)
                    : unsettled.FirstOrDefault(statement => statement.Service == explained.Service) is { } waiting ? (waiting, ofState!) : null;
                if (found is not var (statement, header))
                    return Fail<VerifiedExplanation>($"nothing proves what it says of service {explained.Service}");
                if (CheckVerdicts(explained, statement) is not { } explanation || !PoolAgrees(mint, statement, out PoolMint? pool))
                    return null;
                services.Add(new VerifiedService(explanation, explained.Settled is not null, header, pool));
            }
            if (unsettled.Any(statement => answer.Services.All(explained => explained.Service != statement.Service)))
                return Fail<VerifiedExplanation>("it leaves a service out");
            return new VerifiedExplanation(device, epoch, services.DrainToImmutable(), mint);
        }

        private Explanation? CheckVerdicts(ExplainedService explained, Statement statement)
        {
            if (explained.Verdicts.Concat(explained.ShadowVerdicts).Any(static verdict => verdict.ReceiptId.Length != Hash256.Size))
                return Fail<Explanation>("a verdict has no id of a receipt");
            ImmutableArray<ToldUsage>.Builder usage = ImmutableArray.CreateBuilder<ToldUsage>(explained.Usage.Count);
            foreach (Protos.V1.ToldUsage told in explained.Usage)
            {
                if (told.ReceiptId.Length != Hash256.Size)
                    return Fail<Explanation>("a payment for its work has no id of a receipt");
                usage.Add(new ToldUsage(new Hash256(told.ReceiptId.Span), new Credits(told.Credits), new Amount(told.Usage)));
            }
            Explanation explanation = new(statement, [.. explained.Verdicts.Select(Form)], usage.DrainToImmutable()) { Shadow = [.. explained.ShadowVerdicts.Select(Form)] };
            return explanation.Problem() is { } wrong ? Fail<Explanation>($"service {explained.Service}: {wrong}") : explanation;
        }

        private (Statement, Header)? CheckSettled(ReceiptEvidence evidence, uint service)
        {
            if (CheckReceipt(evidence) is not var (receipt, header))
                return null;
            Statement? statement = receipt.Statements.FirstOrDefault(one => one.Device == device && one.Service == service && one.Work.Epoch == epoch);
            return statement is null ? null : (statement, header);
        }

        private MintRewards? CheckMint(MintEvidence evidence)
        {
            if (CheckReceipt(evidence.Receipt) is not var (receipt, _))
                return Fail<MintRewards>("the mint's receipt is not proven");
            if (Transaction.IdOf(chain, evidence.Body.Span) != receipt.TransactionId || Body.TryDecode(evidence.Body.Span, out Body? body) != Reason.None
                || body!.Message is not MintRewards mint || mint.Epoch != epoch)
                return Fail<MintRewards>("the mint is not the epoch's");
            return mint;
        }

        // What a statement says of its pool is what was minted into it.
        private bool PoolAgrees(MintRewards? mint, Statement statement, out PoolMint? pool)
        {
            pool = null;
            foreach (PoolMint minted in mint?.Pools ?? [])
            {
                if (minted.Service == statement.Service)
                    pool = minted;
            }
            bool hasNoPart = statement.Work.Units == 0 && statement.Work.Usage == Amount.Zero;
            bool agrees = statement.Pool == (hasNoPart || mint is null ? default : pool?.Shares ?? default);
            if (!agrees)
                Problem ??= $"service {statement.Service}: the pool is not the one that was minted";
            return agrees;
        }

        private bool TryReadState(Header header, StateEvidence evidence, out ImmutableArray<Statement> unsettled)
        {
            unsettled = [];
            if (ProvenState.TryOpen(Form(header.StateRoot), evidence.Records) is not { } state)
                return false;
            unsettled = LedgerQueries.Unsettled(state, device, epoch);
            return state.IsComplete;
        }

        private (Receipt Receipt, Header Header)? CheckReceipt(ReceiptEvidence? evidence)
        {
            if (evidence is null || Trusted(evidence.Header) is not { } header || Receipt.TryDecode(evidence.Receipt.Span, out Receipt? receipt) != Reason.None
                || evidence.Count > int.MaxValue || evidence.Index >= evidence.Count || evidence.Path.Count > MerkleList.PathLengthMax
                || evidence.Path.Any(static hash => hash.Length != Hash256.Size))
                return null;
            Hash256[] path = [.. evidence.Path.Select(static hash => new Hash256(hash.Span))];
            bool holds = receipt!.Encode().AsSpan().SequenceEqual(evidence.Receipt.Span)
                && MerkleList.Verify(Form(header.ReceiptsRoot), receipt.Hash(), (int)evidence.Index, (int)evidence.Count, path);
            return holds ? (receipt, header) : null;
        }

        private Header? Trusted(ByteString encoded) =>
            Header.TryDecode(encoded.Span, out Header header) && isTrusted(header) ? header : Fail<Header>("a header is not one of the chain's");

        // The first thing that is wrong is the one to tell.
        private T? Fail<T>(string problem) where T : class
        {
            Problem ??= problem;
            return null;
        }

        private static ToldVerdict Form(Protos.V1.ToldVerdict verdict) => new(new Hash256(verdict.ReceiptId.Span), (Reason)verdict.Reason, verdict.Units);

        private static Hash256 Form(Digest digest) => new(digest.ToArray());
    }
}
