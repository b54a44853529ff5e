using AppChain.Client;
using AppChain.Crypto;
using AppChain.Devnet.Chain;
using AppChain.Devnet.Fleet;
using AppChain.Devnet.Replay;
using AppChain.Ledger;
using AppChain.Protos.V1;
using Body = AppChain.Ledger.Body;

namespace AppChain.Devnet.Bench;

/// <summary>
/// Proofs of one device, signed before the run so that signing is not measured. They observe the last minutes, one interval apart: in order of time,
/// never ahead of the chain, and never too old.
/// </summary>
internal sealed class ProofStock
{
    private readonly SubmitRequest[] proofs;
    private int next;

    private ProofStock(SubmitRequest[] proofs) => this.proofs = proofs;

    /// <summary>Signs the proofs of one device.</summary>
    public static ProofStock Sign(ChainId chain, AirService service, PlannedDevice plan, int count, ulong firstSequence, DateTimeOffset now)
    {
        using PrivateKey key = DevnetKeys.Device(plan.Scheme, plan.Name);
        DateTimeOffset first = now - (service.IntervalMin * (count + 1));
        ulong validUntil = (ulong)(now + BenchLimits.ProofLifetime).ToUnixTimeMilliseconds();
        SubmitRequest[] proofs = new SubmitRequest[count];
        for (int i = 0; i < count; i++)
        {
            ulong observed = (ulong)(first + (service.IntervalMin * i)).ToUnixTimeMilliseconds();
            // Small steps, never the same twice: a stuck sensor or a jump would be another verdict.
            AirReading reading = plan.ReadingAt(0) with { Pm10 = 10_000 + (i % 7 * 100), Pm25 = 5_000 + (i % 5 * 100) };
            Body body = new(key.Address, firstSequence + (ulong)i, validUntil, new Ledger.SubmitProof(service.Id, observed, service.Reading(reading)));
            proofs[i] = new SubmitRequest { Transaction = SignedTransaction.Create(chain, body, key).Wire };
        }
        return new ProofStock(proofs);
    }

    /// <summary>Length of a signed proof.</summary>
    public int ProofBytes => proofs[0].Transaction.CalculateSize();

    /// <summary>The next proof, or null when all are used.</summary>
    public SubmitRequest? Take() => next < proofs.Length ? proofs[next++] : null;
}
