namespace Grpc.Core;

/// <summary>The result of a call, with the numbers that every gRPC implementation shares.</summary>
public enum StatusCode
{
    /// <summary>The call succeeded.</summary>
    OK = 0,
    /// <summary>The call was cancelled, usually by the caller.</summary>
    Cancelled = 1,
    /// <summary>An error without a better code, such as an exception in a handler.</summary>
    Unknown = 2,
    /// <summary>The request is wrong whatever the state of the server.</summary>
    InvalidArgument = 3,
    /// <summary>The deadline passed first.</summary>
    DeadlineExceeded = 4,
    /// <summary>What was asked for does not exist.</summary>
    NotFound = 5,
    /// <summary>What was to be created exists already.</summary>
    AlreadyExists = 6,
    /// <summary>The caller is known and may not do this.</summary>
    PermissionDenied = 7,
    /// <summary>Something has run out: a quota, a queue, a size limit.</summary>
    ResourceExhausted = 8,
    /// <summary>The server is not in the state that the call needs.</summary>
    FailedPrecondition = 9,
    /// <summary>The call was given up, usually for a conflict; it may be tried again from the start.</summary>
    Aborted = 10,
    /// <summary>The call goes past the end of what is valid.</summary>
    OutOfRange = 11,
    /// <summary>The server does not know this service, method or encoding.</summary>
    Unimplemented = 12,
    /// <summary>One side broke the protocol or its own invariants.</summary>
    Internal = 13,
    /// <summary>The server cannot be reached now.</summary>
    Unavailable = 14,
    /// <summary>Data is lost or damaged beyond repair.</summary>
    DataLoss = 15,
    /// <summary>The caller is not known.</summary>
    Unauthenticated = 16,
}
