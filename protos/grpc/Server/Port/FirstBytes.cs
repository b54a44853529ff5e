using System.Buffers;
using System.IO.Pipelines;

namespace AppChain.Grpc.Server;

/// <summary>What a connection without TLS begins with.</summary>
enum FirstBytes
{
    /// <summary>Nothing within the time, or the end.</summary>
    Nothing,
    /// <summary>The preface of HTTP/2 (RFC 9113, section 3.4).</summary>
    Http2,
    /// <summary>What may be a request of HTTP/1.1: an upper-case word.</summary>
    Http1,
    /// <summary>Something else.</summary>
    Garbage,
}

static class FirstBytesReader
{
    static ReadOnlySpan<byte> Preface => "PRI "u8;

    /// <summary>Looks at the first bytes without consuming them: whoever reads next reads them, too.</summary>
    public static async Task<FirstBytes> PeekAsync(PipeReader input, TimeSpan timeout, CancellationToken closed)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(closed);
        bound.CancelAfter(timeout);
        while (true)
        {
            ReadResult read;
            try
            {
                read = await input.ReadAsync(bound.Token).ConfigureAwait(false);
            }
            catch (Exception cause) when (cause is OperationCanceledException or IOException)
            {
                return FirstBytes.Nothing; // too slow, reset, or gone
            }
            var buffer = read.Buffer;
            if (TryTell(buffer, out var kind) || read.IsCompleted)
            {
                input.AdvanceTo(buffer.Start);
                return kind;
            }
            input.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    static bool TryTell(in ReadOnlySequence<byte> buffer, out FirstBytes kind)
    {
        Span<byte> copy = stackalloc byte[Preface.Length];
        var seen = copy[..(int)Math.Min(buffer.Length, copy.Length)];
        buffer.Slice(0, seen.Length).CopyTo(seen);
        kind = FirstBytes.Nothing;
        if (seen.IsEmpty) return false;
        if (!char.IsAsciiLetterUpper((char)seen[0])) kind = FirstBytes.Garbage;
        else if (!Preface.StartsWith(seen)) kind = FirstBytes.Http1;
        else if (seen.Length == Preface.Length) kind = FirstBytes.Http2;
        return kind != FirstBytes.Nothing;
    }
}
