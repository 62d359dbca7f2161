using Portal.Core.Shared;

namespace Portal.Core.Providers;

/// <summary>
/// What a provider throws when the thing outside refuses or fails. Vendor exceptions never leave an adapter. The
/// message is plain, says what to do, and holds no secret.
/// </summary>
public sealed class ProviderException(Error error, Exception? inner = null) : Exception(error.Message, inner)
{
    public Error Error { get; } = error;

    /// <summary>Nothing is wrong with what was asked: the same call may succeed after a while.</summary>
    public bool IsTransient { get; init; }

    /// <summary>
    /// The call may have taken effect although it failed: its answer was lost. Look before it is made again.
    /// </summary>
    public bool MayHaveHappened { get; init; }

    public static ProviderException Invalid(string code, string message) => new(Error.Invalid(code, message));
    public static ProviderException NotFound(string code, string message) => new(Error.NotFound(code, message));
    public static ProviderException Conflict(string code, string message) => new(Error.Conflict(code, message));

    /// <summary>It does not answer for now.</summary>
    /// <param name="mayHaveHappened">False only when the other side certainly did nothing.</param>
    public static ProviderException Transient(
        string code, string message, bool mayHaveHappened, Exception? inner = null) =>
        new(
            new Error(ErrorKind.Unavailable, code, message),
            inner) { IsTransient = true, MayHaveHappened = mayHaveHappened };

    public static ProviderException Unavailable(string code, string message) =>
        new(new Error(ErrorKind.Unavailable, code, message));
}
