using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Cli;
using AppChain.Node.Driver;
using AppChain.Node.Replay;
using AppChain.Storage;
using Block = AppChain.Consensus.Block;
using BlockPayload = AppChain.Ledger.BlockPayload;
using Body = AppChain.Ledger.Body;
using MintRewards = AppChain.Ledger.MintRewards;
using PoolMint = AppChain.Ledger.PoolMint;

namespace AppChain.Node.Rules;

/// <summary>
/// Executes a stopped node's past once more with a candidate beside a service's rules, and compares what its devices earned with what they would have. It has no rules of its own:
/// the blocks are executed by the ledger, which publishes what a candidate says (<see cref="ShadowRecord"/>). What each past epoch minted must come out as it was.
/// </summary>
/// <param name="scratch">The directory of the store beside, in which the state before the first epoch is computed.</param>
internal sealed class RulesReplay(StoreRecords records, Genesis genesis, string scratch)
{
    private readonly StateReplay blocks = new(records, genesis, scratch);
    private readonly TurnsTaken turns = new(genesis.ChainId, genesis.Hash.ToDigest());

    /// <summary>Compares.</summary>
    /// <param name="bases">From <see cref="ReplayBase.All"/>.</param>
    /// <param name="first">The first reward epoch.</param>
    /// <param name="last">The last one; it must have ended.</param>
    /// <param name="note">Told about the progress.</param>
    /// <returns>Each device that worked, the one that would gain most first.</returns>
    /// <exception cref="CommandException">It is not possible; the message says why.</exception>
    public IReadOnlyList<DeviceDifference> Run(
        IReadOnlyList<ReplayBase> bases, uint service, ServiceDefinition candidate, ulong first, ulong last, Action<string, string> note)
    {
        (ulong before, ulong mintsLast) = BlocksOf(first, last);
        ReplayBase from = bases.LastOrDefault(found => found.Height <= before)
            ?? throw new CommandException($"there is nothing to execute epoch {first} from: blocks or batches before it are pruned, and no snapshot in HOME/snapshots is of a height up to {before}.");
        using ChainStore store = blocks.Run(from, before, note);
        OverlaidState state = new(new ChainReader(store).TipExecuted().State);
        Begin(state, service, candidate, first, last);
        note("replaying", $"blocks {before + 1} to {mintsLast} with the candidate beside the rules of service {service}");
        Dictionary<Address, DeviceDifference> devices = [];
        for (ulong height = before + 1; height <= mintsLast; height++)
            Execute(state, height, service, devices, first);
        return [.. devices.Values.OrderByDescending(static device => device.Difference).ThenBy(static device => device.Device)];
    }

    // The last block before the first epoch, and the one that mints for the last.
    private (ulong Before, ulong MintsLast) BlocksOf(ulong first, ulong last)
    {
        if (first > last)
            throw new CommandException($"--from is {first} and --to is {last}: there is no epoch between.");
        ulong tip = records.Meta().Tip.Height, oldest = ulong.Max(1, records.Meta().Retention.Headers.From);
        ulong FirstFrom(ulong epoch)
        {
            (ulong low, ulong high) = (oldest, tip + 1);
            while (low < high)
            {
                ulong middle = low + ((high - low) / 2);
                (low, high) = EpochOf(middle) < epoch ? (middle + 1, high) : (low, middle);
            }
            return low;
        }
        ulong begins = FirstFrom(first), mints = FirstFrom(last + 1);
        if (mints > tip)
            throw new CommandException($"reward epoch {last} has not ended: the newest block here, {tip}, is of epoch {(tip == 0 ? 0 : EpochOf(tip))}.");
        return (begins - 1, mints);
    }

    private ulong EpochOf(ulong height)
    {
        ulong timeMs = blocks.Read(height).Block.Header.TimeMs;
        return timeMs <= genesis.TimeMs ? 0 : (timeMs - genesis.TimeMs) / genesis.Parameters.EpochMs;
    }

    private static void Begin(OverlaidState state, uint service, ServiceDefinition candidate, ulong first, ulong last)
    {
        ServiceRecord record = LedgerQueries.Service(state, service)?.Service ?? throw new CommandException($"there was no service {service} before that epoch.");
        if (!ProofKinds.TakesCandidates(record.Kind) || record.Kind != candidate.Kind)
            throw new CommandException($"service {service} is of kind {ProofKinds.NameOf(record.Kind)}: the rules must be of the same kind, and the kind must take candidates.");
        ShadowRecord? was = ShadowRecord.Find(state, service);
        state.Put(StateKey.Shadow(service), new ShadowRecord((was?.Number ?? 0) + 1, was?.Adopted ?? 0, first, last + 1, 0, 0, candidate));
    }

    private void Execute(OverlaidState state, ulong height, uint service, Dictionary<Address, DeviceDifference> devices, ulong first)
    {
        (Block block, _) = blocks.Read(height);
        if (BlockPayload.TryDecode(block.Payload.Span, out BlockPayload? payload) != Reason.None)
            throw records.DamagedBlock(height);
        MintRewards? mint = Executor.MintDue(state, block.Header.TimeMs);
        CheckMint(mint, payload!.MintRewards, height);
        if (mint is not null && mint.Epoch >= first)
            Add(state, mint, service, devices);
        List<AppChain.Ledger.Transaction> transactions = [.. payload.BatchIds.SelectMany(id => blocks.Open(id, height).Transactions)];
        BlockResult outcome = Executor.Execute(state, turns.ContextOf(state, block.Header), mint?.EncodeBody(), transactions);
        if (!outcome.IsValid)
            throw new CommandException($"block {height} cannot be executed any more: {outcome.Reason.Name()}.");
        state.Apply(outcome.Changes);
    }

    // The work of an epoch is in the enrolments until the device is touched next: before the block that mints, all of it is there.
    private static void Add(OverlaidState state, MintRewards mint, uint service, Dictionary<Address, DeviceDifference> devices)
    {
        PoolMint pool = mint.Pools.FirstOrDefault(pool => pool.Service == service);
        foreach ((Address address, DeviceRecord device) in state.Devices())
        {
            if (device.In(service) is not { } enrollment)
                continue;
            EpochWork paid = enrollment.Work.Epoch == mint.Epoch ? enrollment.Work : default;
            ulong other = enrollment.Shadow is { } shadow && shadow.Work.Epoch == mint.Epoch ? shadow.Work.Units : 0;
            if (paid.IsEmpty && other == 0)
                continue;
            DeviceDifference known = devices.GetValueOrDefault(address) ?? new DeviceDifference(address, 0, Amount.Zero, 0, Amount.Zero);
            devices[address] = known.Plus(paid.Units, pool.Shares.Of(paid), other, pool.UnderCandidate(paid, other));
        }
    }

    // What is paid must be what was paid: only the candidate's units may differ.
    private static void CheckMint(MintRewards? mint, ReadOnlyMemory<byte> was, ulong height)
    {
        MintRewards? minted = null;
        if (!was.IsEmpty && (Body.TryDecode(was.Span, out Body? body) != Reason.None || (minted = body!.Message as MintRewards) is null))
            throw new CommandException($"the mint of block {height} cannot be read.");
        if (!Equals(mint?.WithoutCandidates(), minted?.WithoutCandidates()))
            throw new CommandException($"block {height} minted otherwise than the past executed once more does: run `appchain verify`.");
    }
}
