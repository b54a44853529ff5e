namespace AppChain.Consensus.Tests;

/// <summary>Messages as a person reads them in a transcript. Blocks are called by their view: hashes would say nothing.</summary>
static class Readable
{
    public static string Of(Message message) => message switch
    {
        Message.Proposal(var block, _) => $"proposal of view {block.View}, height {block.Header.Height}, on view {block.Header.ParentView}",
        Message.Ballot(var vote) => $"{Verb(vote.Kind)} view {vote.View}",
        Message.Proof(var certificate) =>
            $"{Noun(certificate.Kind)} of view {certificate.View} by {Signers(certificate)}",
        Message.StatusRequest request => $"status: view {request.View}, finalised {request.Finalized}, wanting from {request.From}",
        Message.BlockRequest request => $"asks for the block of view {request.View}",
        Message.BlockResponse(var block) => $"block of view {block.View}",
        _ => throw new ArgumentException($"no text for {message}"),
    };

    static string Signers(Certificate certificate) => string.Join(' ', certificate.Signatures.Select(part => part.Signer));

    static string Verb(VoteKind kind) => kind.ToString().ToLowerInvariant();

    static string Noun(VoteKind kind) => kind switch
    {
        VoteKind.Notarize => "notarization",
        VoteKind.Nullify => "nullification",
        _ => "finalization",
    };
}
