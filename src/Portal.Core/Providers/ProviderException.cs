using Portal.Core.Shared;

namespace Portal.Core.Providers;

/// <summary>
/// What a provider throws when the thing outside refuses or fails. Vendor exceptions never leave an adapter. The message is plain,
/// says what to do, and holds no secret.
/// </summary>
public sealed class ProviderException(Error error, Exception? inner = null) : Exception(error.Message, inner)
{
    public Error Error { get; } = error;

    public static ProviderException Invalid(string code, string message) => new(Error.Invalid(code, message));
    public static ProviderException NotFound(string code, string message) => new(Error.NotFound(code, message));
    public static ProviderException Conflict(string code, string message) => new(Error.Conflict(code, message));
    public static ProviderException Unavailable(string code, string message) => new(new Error(ErrorKind.Unavailable, code, message));
}
