namespace AppChain.Simulation;

/// <summary>Messages and inputs as a person reads them. A block is called by its view and the start of its hash.</summary>
static class Readable
{
    public static string Of(Block block) => $"block {Short(block.Hash)} of view {block.View}, height {block.Header.Height}, on view "
        + $"{block.Header.ParentView} {Short(block.Header.ParentHash)}";

    public static string Of(VoteBody body) => body.Kind == VoteKind.Nullify
        ? $"nullify view {body.View}{Epoch(body)}"
        : $"{body.Kind.ToString().ToLowerInvariant()} view {body.View} {Short(body.HeaderHash)}{Epoch(body)}";

    public static string Of(Message message) => message switch
    {
        Message.Proposal(var block, _) => $"proposal: {Of(block)}",
        Message.Ballot(var vote) => $"vote of {vote.Signer}: {Of(vote.Body)}",
        Message.Proof(var certificate) =>
            $"certificate: {Of(certificate.Body)} by {string.Join(' ', certificate.Signatures.Select(part => part.Signer))}",
        Message.StatusRequest request => $"status: view {request.View}, finalised {request.Finalized}, wanting from {request.From}",
        Message.BlockRequest request => $"asks for block {Short(request.HeaderHash)} of view {request.View}",
        Message.BlockResponse(var block) => $"answer: {Of(block)}",
        _ => throw new InvalidOperationException($"{message.GetType().Name} has a text"),
    };

    public static string Of(Input input) => input switch
    {
        Input.Received(var from, var message) => $"gets from {from} {Of(message)}",
        Input.Built(var view, var content) => $"has {(content is null ? "nothing" : "something")} to propose in view {view}",
        Input.Checked(var view, var hash, var result) => $"finds block {Short(hash)} of view {view} {result.ToString().ToLowerInvariant()}",
        Input.Held(var view, var hash) => $"holds block {Short(hash)} of view {view}",
        Input.Work(var pending) => pending ? "has work" : "is idle",
        Input.CaughtUp(var header, _) => $"has synced to height {header.Height} of view {header.View}",
        _ => input.GetType().Name.ToLowerInvariant(),
    };

    static string Epoch(VoteBody body) => body.Epoch.Value == 0 ? "" : $" of epoch {body.Epoch}";

    static string Short(Digest digest) => digest.ToString()[..6];
}
