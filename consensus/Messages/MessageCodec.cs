using System;

namespace AppChain.Consensus;

/// <summary>One type byte, then the fields. Strict: each message has one encoding and nothing else decodes.</summary>
static class MessageCodec
{
    const byte Proposal = 1;
    const byte Ballot = 2;
    const byte Proof = 3;
    const byte StatusRequest = 4;
    const byte BlockRequest = 5;
    const byte BlockResponse = 6;

    public static byte[] Encode(Message message)
    {
        switch (message)
        {
            case Message.Proposal(var block, var signature):
                {
                    var header = block.Header.Encode();
                    var writer = new ByteWriter(1 + block.EncodedLength(header) + Vote.SignatureBytes);
                    writer.U8(Proposal);
                    block.Write(ref writer, header);
                    writer.Bytes(signature.Span);
                    return writer.Finish();
                }

            case Message.Ballot(var vote):
                {
                    var writer = new ByteWriter(1 + Vote.Bytes);
                    writer.U8(Ballot);
                    vote.Write(ref writer);
                    return writer.Finish();
                }

            case Message.Proof(var certificate):
                {
                    var writer = new ByteWriter(1 + certificate.EncodedLength);
                    writer.U8(Proof);
                    certificate.Write(ref writer);
                    return writer.Finish();
                }

            case Message.StatusRequest request:
                {
                    var writer = new ByteWriter(1 + (4 * 8));
                    writer.U8(StatusRequest);
                    writer.U64(request.Epoch.Value);
                    writer.U64(request.Finalized.Value);
                    writer.U64(request.From.Value);
                    writer.U64(request.View.Value);
                    return writer.Finish();
                }

            case Message.BlockRequest request:
                {
                    var writer = new ByteWriter(1 + (2 * 8) + Digest.Size);
                    writer.U8(BlockRequest);
                    writer.U64(request.Epoch.Value);
                    writer.U64(request.View.Value);
                    writer.Digest(request.HeaderHash);
                    return writer.Finish();
                }

            case Message.BlockResponse(var block):
                {
                    var header = block.Header.Encode();
                    var writer = new ByteWriter(1 + block.EncodedLength(header));
                    writer.U8(BlockResponse);
                    block.Write(ref writer, header);
                    return writer.Finish();
                }

            default:
                throw new InvariantException($"{message.GetType().Name} has an encoding");
        }
    }

    public static bool TryDecode(ReadOnlySpan<byte> bytes, out Message message)
    {
        message = null!;
        if (bytes.Length > ConsensusLimits.MessageBytesMax)
        {
            return false;
        }

        var reader = new ByteReader(bytes);
        return reader.U8(out var type) && TryReadBody(type, ref reader, out message) && reader.AtEnd;
    }

    static bool TryReadBody(byte type, ref ByteReader reader, out Message message)
    {
        message = null!;
        switch (type)
        {
            case Proposal when Block.TryRead(ref reader, out var block) && reader.Take(Vote.SignatureBytes, out var signature):
                message = new Message.Proposal(block, signature.ToArray());
                return true;

            case Ballot when Vote.TryRead(ref reader, out var vote):
                message = new Message.Ballot(vote);
                return true;

            case Proof when Certificate.TryRead(ref reader, out var certificate):
                message = new Message.Proof(certificate);
                return true;

            case StatusRequest when reader.U64(out var epoch) && reader.U64(out var finalized)
                    && reader.U64(out var from) && reader.U64(out var view):
                message = new Message.StatusRequest(new Epoch(epoch), new View(finalized), new View(from), new View(view));
                return true;

            case BlockRequest when reader.U64(out var epoch) && reader.U64(out var view) && reader.Digest(out var hash):
                message = new Message.BlockRequest(new Epoch(epoch), new View(view), hash);
                return true;

            case BlockResponse when Block.TryRead(ref reader, out var block):
                message = new Message.BlockResponse(block);
                return true;

            default:
                return false;
        }
    }
}
